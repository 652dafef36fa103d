import { join } from 'node:path';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { runChildDrill } from './child-drill.ts';
import { type Shares, sharesOf } from './engine-share.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ASSETS = 10_000;
const GOAL = 0.1;

const TITLES: Readonly<Record<keyof Shares, string>> = {
  tools: 'tools (restic, pg_dump, rclone …)',
  seeding: 'seeding',
  judging: 'manifest and judging',
  servers: 'making, starting and stopping servers',
  disaster: 'disaster and proof of absence',
  waiting: 'waiting for writes of users',
  engine: "the engine's own share",
};

/** Where the time of a whole drill goes; what counts as the engine is said in `engine-share.ts`. */
export const engine: Benchmark = {
  name: 'engine',
  summary: "where the wall time of immich-full goes, and the engine's own share of it",
  on: 'local',
  onlyByName: false,
  run,
};

async function run(options: BenchOptions): Promise<Measurement[]> {
  await using folder = temporaryFolder();
  const args = ['immich-full', '--assets', String(options.assets ?? ASSETS)];
  const { result, journal } = await runChildDrill(args, join(folder.path, 'runs'), options);
  if (result.failures.length > 0) throw new Error(`the drill failed: ${result.failures[0]?.message}`);
  const wall = result.run.seconds;
  const parts = Object.entries(sharesOf(result, journal)) as [keyof Shares, number][];
  const rows = parts.map(([name, seconds]): Measurement => {
    const row = { what: TITLES[name], value: seconds, unit: 's', ratio: seconds / wall };
    return name === 'engine' ? { ...row, goal: { text: '≤ 10 % of the wall time', met: seconds / wall <= GOAL } } : row;
  });
  const { assets } = result.drill.workload.scale;
  return [{ what: `immich-full, ${assets} assets, ${result.verdict}`, value: wall, unit: 's' }, ...rows];
}
