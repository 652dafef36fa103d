import { join } from 'node:path';
import { execa } from 'execa';
import { type BackedUp, backUp, PASSWORD } from './back-up.ts';
import { bareSeconds } from './bare-tool.ts';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { runChildDrill } from './child-drill.ts';
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

async function run(options: BenchOptions): Promise<Measurement[]> {
  await using folder = temporaryFolder();
  const assets = options.assets ?? ASSETS;
  const backed = await backUp(options, folder.path, { name: NAME, assets, photoKib: PHOTO_KIB });
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
