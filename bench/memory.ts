import { join } from 'node:path';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { runChildDrill } from './child-drill.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ASSETS = 100_000;
/** Small photos: memory must not depend on their number, and the disk need not hold so many large ones. */
const PHOTO_KIB = 8;
const MIB = 1024 ** 2;
const GOAL_MIB = 300;

/** The peak memory of the harness in a drill of a large library. */
export const memory: Benchmark = {
  name: 'memory',
  summary: 'peak memory of the harness itself in immich-full with 100,000 assets (takes minutes and about 10 GiB)',
  on: 'local',
  onlyByName: true,
  run,
};

async function run(options: BenchOptions): Promise<Measurement[]> {
  await using folder = temporaryFolder();
  const assets = options.assets ?? ASSETS;
  const args = ['immich-full', '--assets', String(assets), '--photo-kib', String(PHOTO_KIB)];
  const { result, peakBytes } = await runChildDrill(args, join(folder.path, 'runs'), options);
  if (result.failures.length > 0) throw new Error(`the drill failed: ${result.failures[0]?.message}`);
  if (peakBytes === 0) throw new Error('the peak memory of a process can only be read on Linux');
  const peak = peakBytes / MIB;
  return [
    {
      what: `peak of the harness, ${assets} assets, ${result.verdict}`,
      value: peak,
      unit: 'MiB',
      goal: { text: `≤ ${GOAL_MIB} MiB`, met: peak <= GOAL_MIB },
    },
    { what: 'the drill took', value: result.run.seconds, unit: 's' },
  ];
}
