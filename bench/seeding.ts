import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Studio } from '../fixtures/immich/files/studio.ts';
import { immich } from '../fixtures/immich/immich.ts';
import { usersOf } from '../fixtures/immich/plan/users.ts';
import { type ImmichScale, scaleOf } from '../fixtures/immich/scale.ts';
import { makeAsset } from '../fixtures/immich/seeding/make-asset.ts';
import { VolumeWriter } from '../fixtures/immich/seeding/volume-writer.ts';
import type { Volume } from '../harness/model/target.ts';
import { bareSeconds } from './bare-tool.ts';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { type Bench, emptyWorld, openBench } from './open-bench.ts';
import { median, secondsOf } from './seconds.ts';

const ASSETS = 4_000;
const AT_ONCE = 8;
const GOAL_PER_SECOND = 1_500;
const GOAL_CORES = 2;

/** How fast a synthetic library is made, and how fast its files alone, against copying them. */
export const seeding: Benchmark = {
  name: 'seeding',
  summary: 'photos/s of 60 KiB: the whole seeding (files, thumbnails, rows, redis …), and files alone against cp',
  on: 'local',
  onlyByName: false,
  run,
};

async function run(options: BenchOptions): Promise<Measurement[]> {
  const scale = scaleOf({ assets: options.assets ?? ASSETS });
  const [whole, files, copied]: [number[], number[], number[]] = [[], [], []];
  for (let round = 1; round <= options.repeats; round += 1) {
    await using bench = await openBench(options);
    options.note(`seeding, round ${round} of ${options.repeats}`);
    whole.push(scale.assets / (await seedWhole(bench, scale)));
    options.note(`files alone, round ${round} of ${options.repeats}`);
    const library = await bench.substrate.volume('library-alone');
    files.push(scale.assets / (await secondsOf(() => seedFiles(scale, library))));
    const copy = join(bench.folder, 'copy');
    copied.push(scale.assets / (await bareSeconds('cp', ['--archive', library.path, copy], options.signal)));
  }
  return [
    {
      what: `whole seeding of ${scale.assets} assets`,
      value: median(whole),
      unit: 'photos/s',
      goal: {
        text: `≥ ${GOAL_PER_SECOND} photos/s on ${GOAL_CORES} cores (here ${availableParallelism()})`,
        met: median(whole) >= GOAL_PER_SECOND,
      },
    },
    {
      what: 'files alone',
      value: median(files),
      unit: 'photos/s',
      bare: { tool: 'cp --archive of the same files', value: median(copied) },
      ratio: median(files) / median(copied),
    },
  ];
}

/** A new workload each time, as a drill has it: encoding the pictures that all others are made of is part of seeding. */
async function seedWhole(bench: Bench, scale: ImmichScale): Promise<number> {
  const workload = immich(scale);
  const world = await emptyWorld(bench, workload);
  return await secondsOf(() => workload.seed(world, () => {}));
}

async function seedFiles(scale: ImmichScale, library: Volume): Promise<void> {
  const users = usersOf(scale.seed, scale.users);
  const target = { scale, users, studio: await Studio.open(scale), writer: new VolumeWriter(library) };
  let writing: Promise<unknown> = Promise.resolve();
  for (let at = 0; at < scale.assets; at += AT_ONCE) {
    const indices = Array.from({ length: Math.min(AT_ONCE, scale.assets - at) }, (_, number) => at + number);
    const made = await Promise.all(indices.map((index) => makeAsset(target, index)));
    await writing;
    writing = Promise.all(made.map(({ written }) => written));
  }
  await writing;
}
