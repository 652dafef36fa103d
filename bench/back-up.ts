import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { immich } from '../fixtures/immich/immich.ts';
import type { Database } from '../harness/model/target.ts';
import type { BenchOptions } from './benchmark.ts';
import { type Bench, emptyWorld, openBench } from './open-bench.ts';

/** What machine learning adds is a third of such a database, and nothing that the files are judged by. */
const WITHOUT_LEARNING = 'TRUNCATE smart_search, face_search, asset_face CASCADE';

/** A library as it was backed up by hand, which is gone itself. */
export interface BackedUp {
  readonly repository: string;
  readonly config: string;
  readonly libraryBytes: number;
  readonly files: number;
  readonly dumpBytes: number;
  readonly restic: string;
}

/** What opens the repository. */
export const PASSWORD = { RESTIC_PASSWORD: 'bench' };

/** Seeds a library, backs it up with bare restic and pg_dump, and takes it away. */
export async function backUp(
  options: BenchOptions,
  folder: string,
  { name, assets, photoKib }: { readonly name: string; readonly assets: number; readonly photoKib: number },
): Promise<BackedUp> {
  await using bench = await openBench(options);
  const workload = immich({ assets, photoKib });
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
    config: configIn(folder, name, repository),
  };
}

function configIn(folder: string, name: string, repository: string): string {
  const file = join(folder, 'drills.config.yaml');
  const library = { restic: { repository, password: { env: 'RESTIC_PASSWORD' } } };
  const drill = { workload: 'immich', library, database: { folder: join(folder, 'dumps') } };
  writeFileSync(file, JSON.stringify({ drills: { [name]: drill } }));
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
