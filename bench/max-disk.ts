import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { immich } from '../fixtures/immich/immich.ts';
import type { Database } from '../harness/model/target.ts';
import { bareSeconds } from './bare-tool.ts';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { runChildDrill } from './child-drill.ts';
import { type Bench, emptyWorld, openBench } from './open-bench.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { watchDisk } from './watch-disk.ts';

const ASSETS = 100_000;
/** Large enough that a tenth holds the database, small enough that memory can hold library and repository. */
const PHOTO_KIB = 48;
const MIB = 1024 ** 2;
const GOAL_MIB = 300;
const SHARE = 10;
/** An empty server takes this, which a tenth of a small library does not hold. */
const LEAST_BYTES = 200 * MIB;
/** What machine learning adds is a third of such a database, and nothing that the files are judged by. */
const WITHOUT_LEARNING = 'TRUNCATE smart_search, face_search, asset_face CASCADE';
const NAME = 'max-disk';

/** A library that is restored with a tenth of the disk that it takes. */
export const maxDisk: Benchmark = {
  name: NAME,
  summary:
    'a library of 100,000 assets drilled with --max-disk of a tenth of it: memory, disk, and time against bare restic and sha256sum (takes 20 minutes and about 16 GiB)',
  on: 'local',
  onlyByName: true,
  run,
};

/** A library as it was backed up by hand, which is gone itself. */
interface BackedUp {
  readonly repository: string;
  readonly config: string;
  readonly libraryBytes: number;
  readonly files: number;
  readonly dumpBytes: number;
  readonly restic: string;
}

const PASSWORD = { RESTIC_PASSWORD: 'bench' };

async function run(options: BenchOptions): Promise<Measurement[]> {
  await using folder = temporaryFolder();
  const assets = options.assets ?? ASSETS;
  const backed = await backUp(options, folder.path, assets);
  const bare = await bareRestore(options, folder.path, backed);
  const maxDiskBytes = Math.max(LEAST_BYTES, Math.floor(backed.libraryBytes / SHARE));
  options.note(`drilling with --max-disk of ${(maxDiskBytes / MIB).toFixed(0)} MiB`);
  await using disk = watchDisk(NAME);
  const args = [NAME, '--config', backed.config, '--max-disk', String(maxDiskBytes)];
  process.env.RESTIC_PASSWORD = PASSWORD.RESTIC_PASSWORD;
  const { result, peakBytes, journal } = await runChildDrill(args, join(folder.path, 'runs'), options);
  if (result.verdict !== 'pass')
    throw new Error(`the drill came to ${result.verdict}: ${JSON.stringify([result.failures, result.checks])}`);
  const batches = journal.filter(({ event }) => event === 'batch').length;
  const restore = result.timings.find(({ kind, name }) => kind === 'phase' && name === 'restore')?.seconds ?? 0;
  const database = result.rto.components.database?.seconds ?? 0;
  return [
    { what: `library of ${assets} assets, ${backed.files} files`, value: backed.libraryBytes / MIB, unit: 'MiB' },
    { what: 'its dump', value: backed.dumpBytes / MIB, unit: 'MiB' },
    {
      what: `largest disk use, by du, in ${batches} batches`,
      value: disk.largestBytes() / MIB,
      unit: 'MiB',
      goal: { text: `≤ ${(maxDiskBytes / MIB).toFixed(0)} MiB`, met: disk.largestBytes() <= maxDiskBytes },
    },
    {
      what: `peak of the harness, ${result.verdict}`,
      value: peakBytes / MIB,
      unit: 'MiB',
      goal: { text: `≤ ${GOAL_MIB} MiB`, met: peakBytes > 0 && peakBytes / MIB <= GOAL_MIB },
    },
    {
      what: 'the library, listed, restored, hashed and dropped',
      value: restore - database,
      unit: 's',
      bare: { tool: 'restic restore, sha256sum', value: bare },
      ratio: bare / (restore - database),
    },
    { what: 'the database beside it', value: database, unit: 's' },
    { what: 'the drill took', value: result.run.seconds, unit: 's' },
  ];
}

/** Seeds a library, backs it up with bare restic and pg_dump, and takes it away. */
async function backUp(options: BenchOptions, folder: string, assets: number): Promise<BackedUp> {
  await using bench = await openBench(options);
  const workload = immich({ assets, photoKib: PHOTO_KIB });
  const world = await emptyWorld(bench, workload);
  options.note(`seeding ${assets} assets`);
  await workload.seed(world, () => {});
  const library = world.volume('library').path;
  const { stdout } = await execa('du', ['--summarize', '--block-size=1', library]);
  const { stdout: list } = await execa('sh', ['-c', 'find "$1" -type f | wc -l', 'sh', library]);
  const dump = join(folder, 'dumps', 'immich.dump');
  mkdirSync(join(dump, '..'));
  options.note('pg_dump');
  await world.database('database').query(WITHOUT_LEARNING);
  await dumpTo(bench, world.database('database'), dump);
  const repository = join(folder, 'restic');
  const restic = await resticOf(bench);
  const env = { ...PASSWORD, RESTIC_REPOSITORY: repository };
  options.note('restic backup');
  await execa(restic, ['init'], { env });
  await execa(restic, ['backup', '--no-cache', '.'], { env, cwd: library, stdout: 'ignore' });
  return {
    ...{ repository, restic, libraryBytes: Number(stdout.split('\t')[0]), files: Number(list) },
    dumpBytes: statSync(dump).size,
    config: configIn(folder, repository),
  };
}

function configIn(folder: string, repository: string): string {
  const file = join(folder, 'drills.config.yaml');
  const library = { restic: { repository, password: { env: 'RESTIC_PASSWORD' } } };
  const drill = { workload: 'immich', library, database: { folder: join(folder, 'dumps') } };
  writeFileSync(file, JSON.stringify({ drills: { [NAME]: drill } }));
  return file;
}

async function dumpTo({ substrate }: Bench, database: Database, file: string): Promise<void> {
  const { host, port, user, password } = database;
  await substrate.run({
    name: 'dump',
    volumes: [],
    steps: () => [
      {
        program: 'pg_dump',
        args: ['--format=custom', '--file', file, database.database],
        env: { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password },
      },
    ],
  });
}

async function resticOf({ substrate }: Bench): Promise<string> {
  await substrate.require(['restic']);
  return substrate.tools().find(({ program }) => program === 'restic')?.location ?? 'restic';
}

/** What anybody would do with disk enough: restore all of it, and read all of it. */
async function bareRestore(
  { signal, note }: BenchOptions,
  folder: string,
  { restic, repository }: BackedUp,
): Promise<number> {
  const into = join(folder, 'bare');
  note('bare restic restore');
  const env = ['env', ...Object.entries({ ...PASSWORD, RESTIC_REPOSITORY: repository }).map((pair) => pair.join('='))];
  const [command = 'env', ...rest] = [...env, restic, 'restore', 'latest', '--no-cache', '--no-lock', '--target', into];
  const restored = await bareSeconds(command, rest, signal);
  note('sha256sum');
  const script = 'find "$1" -type f -print0 | xargs -0 -P2 -n64 sha256sum';
  const read = await bareSeconds('sh', ['-c', script, 'sh', into], signal);
  await execa('rm', ['-rf', into]);
  return restored + read;
}
