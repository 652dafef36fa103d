import { availableParallelism } from 'node:os';
import { immich } from '../fixtures/immich/immich.ts';
import type { Volume } from '../harness/model/target.ts';
import { bareSeconds } from './bare-tool.ts';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { emptyWorld, openBench } from './open-bench.ts';
import { median, secondsOf } from './seconds.ts';

const ASSETS = 4_000;
const MIB = 1024 ** 2;
const GOAL = 0.8;

/** `sha256sum` over all files with all cores; the folder goes in as an argument, never into the script. */
const BARE = 'find "$1" -type f -print0 | xargs -0 -P"$2" -n64 sha256sum';

/** How fast the harness reads and hashes a library, against `sha256sum` on the same files. */
export const manifest: Benchmark = {
  name: 'manifest',
  summary: 'MiB/s of the file manifest (SHA-256, SHA-1, attributes) against sha256sum on the same files, cache warm',
  on: 'local',
  onlyByName: false,
  run,
};

async function run(options: BenchOptions): Promise<Measurement[]> {
  await using bench = await openBench(options);
  const workload = immich({ assets: options.assets ?? ASSETS });
  const world = await emptyWorld(bench, workload);
  options.note('seeding a library to read');
  await workload.seed(world, () => {});
  const library = world.volume('library');
  const mib = (await readAll(library)) / MIB;
  const sha256sum = ['-c', BARE, 'sh', library.path, String(availableParallelism())];
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 1; round <= options.repeats; round += 1) {
    options.note(`round ${round} of ${options.repeats}`);
    bare.push(mib / (await bareSeconds('sh', sha256sum, options.signal)));
    ours.push(mib / (await secondsOf(() => readAll(library))));
  }
  const ratio = median(ours) / median(bare);
  return [
    {
      what: `file manifest of ${mib.toFixed(0)} MiB`,
      value: median(ours),
      unit: 'MiB/s',
      bare: { tool: 'find | xargs sha256sum', value: median(bare) },
      ratio,
      goal: { text: '≥ 80 % of sha256sum', met: ratio >= GOAL },
    },
  ];
}

/** Reads every entry, as the phases "record" and "observe" do; gives the bytes of all files. */
async function readAll(volume: Volume): Promise<number> {
  let bytes = 0;
  for await (const { sizeBytes } of volume.files()) bytes += sizeBytes;
  return bytes;
}
