import { immich } from '../fixtures/immich/immich.ts';
import type { Job, JobReport } from '../harness/model/job.ts';
import type { PathContext } from '../harness/model/path.ts';
import type { Bucket, Volume, World } from '../harness/model/target.ts';
import { pgDump } from '../harness/paths/pg-dump.ts';
import { restic } from '../harness/paths/restic.ts';
import { runBare } from './bare-job.ts';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { type Bench, emptyWorld, openBench } from './open-bench.ts';
import { median, secondsOf } from './seconds.ts';

const ASSETS = 2_000;

/** How long backups and restores take as a drill makes them, against the same programs called with the same arguments. */
export const backups: Benchmark = {
  name: 'backups',
  summary: 'backup and restore through the job runner against bare restic, pg_dump and pg_restore, same arguments',
  on: 'local',
  onlyByName: false,
  run,
};

/** Seconds of one backup and one restore. */
interface Times {
  readonly backup: number;
  readonly restore: number;
}

/** Everything that both ways of running work on. */
interface Setup {
  readonly bench: Bench;
  readonly world: World;
  readonly bucket: Bucket;
  readonly vault: Volume;
}

type Runner = (job: Job) => Promise<JobReport>;
type Subject = (setup: Setup, name: string, runner: Runner) => Promise<Times>;

const SUBJECTS: Readonly<Record<string, { readonly tool: string; readonly measure: Subject }>> = {
  restic: { tool: 'restic', measure: measureRestic },
  'pg-dump': { tool: 'pg_dump, pg_restore', measure: measurePgDump },
};

async function run(options: BenchOptions): Promise<Measurement[]> {
  await using bench = await openBench(options);
  const workload = immich({ assets: options.assets ?? ASSETS });
  const world = await emptyWorld(bench, workload);
  options.note('seeding a world to back up');
  await workload.seed(world, () => {});
  const bucket = await bench.substrate.bucket('backups');
  const setup = { bench, world, bucket, vault: await bench.substrate.volume('vault') };
  const measurements: Measurement[] = [];
  for (const [path, { tool, measure }] of Object.entries(SUBJECTS)) {
    const [ours, bare]: [Times[], Times[]] = [[], []];
    for (let round = 1; round <= options.repeats; round += 1) {
      options.note(`${path}, round ${round} of ${options.repeats}`);
      const turns = [
        async () => bare.push(await measureBare(setup, `${path}-bare-${round}`, measure)),
        async () => ours.push(await measure(setup, `${path}-${round}`, (job) => bench.substrate.run(job))),
      ];
      // Whoever comes second finds caches warm.
      for (const turn of round % 2 === 1 ? turns : turns.toReversed()) await turn();
    }
    for (const part of ['backup', 'restore'] as const)
      measurements.push(compared(`${path} ${part}`, tool, seconds(ours, part), seconds(bare, part)));
  }
  return measurements;
}

/** Only what the programs took counts: whatever the path does around them is ours. */
async function measureBare(setup: Setup, name: string, measure: Subject): Promise<Times> {
  const spent: number[] = [];
  await measure(setup, name, async (job) => {
    const report = await runBare(setup.bench, job);
    spent.push(report.seconds);
    return report;
  });
  const [backup = Number.NaN, restore = Number.NaN] = spent;
  return { backup, restore };
}

async function measureRestic(setup: Setup, name: string, runner: Runner): Promise<Times> {
  const path = restic();
  const context = contextOf(setup, name, runner);
  const source = setup.world.volume('library');
  const { seconds, value: receipt } = await timedValue(() => path.backup({ ...context, source }));
  const target = await setup.bench.substrate.volume(`${name}-restored`);
  const restore = await secondsOf(() => path.restore({ ...context, receipt, target }));
  await target.destroy();
  return { backup: seconds, restore };
}

async function measurePgDump(setup: Setup, name: string, runner: Runner): Promise<Times> {
  const path = pgDump();
  const context = contextOf(setup, name, runner);
  const source = setup.world.database('database');
  const { seconds, value: receipt } = await timedValue(() => path.backup({ ...context, source }));
  const target = await setup.bench.substrate.postgres(`${name}-restored`, 'immich');
  // Starting the server is no part of either.
  const server = await target.start();
  const restore = await secondsOf(() => path.restore({ ...context, receipt, target }));
  await server.destroy();
  return { backup: seconds, restore };
}

/** A component of its own for every measurement, so that each has a fresh repository. */
function contextOf({ bench, bucket, vault }: Setup, component: string, run: Runner): PathContext {
  return {
    component,
    at: new Date(),
    bucket,
    vault,
    workloadName: 'immich',
    workloadVersion: 'v3.1.0',
    folderMarkers: ['.immich'],
    secret: (name) => bench.context.secret(`${component}-${name}`),
    choose: async (...programs) => await bench.substrate.choose(programs),
    run,
  };
}

async function timedValue<T>(work: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const startedMs = performance.now();
  const value = await work();
  return { seconds: (performance.now() - startedMs) / 1000, value };
}

function seconds(times: readonly Times[], part: keyof Times): number {
  return median(times.map((one) => one[part]));
}

function compared(what: string, tool: string, ours: number, bare: number): Measurement {
  return { what, value: ours, unit: 's', bare: { tool, value: bare }, ratio: bare / ours };
}
