import { Argument, Command, Option } from 'commander';
import { onInterrupt } from '../harness/cli/interrupt.ts';
import { wholeNumber } from '../harness/cli/numbers.ts';
import { SUBSTRATES, type SubstrateName } from '../harness/cli/open-substrate.ts';
import { backups } from './backups.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { cluster } from './cluster.ts';
import { engine } from './engine.ts';
import { manifest } from './manifest.ts';
import { maxDisk } from './max-disk.ts';
import { memory } from './memory.ts';
import { describeMachine, type Outcome, renderTable } from './render.ts';
import { sandbox } from './sandbox.ts';
import { seeding } from './seeding.ts';

const BENCHMARKS: readonly Benchmark[] = [seeding, manifest, backups, engine, memory, sandbox, maxDisk, cluster];
const REPEATS = 3;

interface Options {
  readonly on: SubstrateName;
  readonly assets?: number;
  readonly repeats: number;
  readonly json?: boolean;
}

const names = BENCHMARKS.map(({ name }) => name);
const program = new Command('bench')
  .description('Measures the harness against the bare tools in the same run. Numbers are ratios where they can be.')
  .addArgument(new Argument('[names...]', 'what to measure; all that take no minutes when left out').choices(names))
  .addOption(new Option('--on <substrate>', 'where to measure').choices(SUBSTRATES).default('local'))
  .option('--assets <n>', 'assets of the library, instead of the number of each benchmark', wholeNumber(1))
  .option('--repeats <n>', 'how often whatever is cheap is measured; the median counts', wholeNumber(1), REPEATS)
  .option('--json', 'print the numbers as JSON')
  .addHelpText('after', `\n${BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join('\n')}`)
  .action(async (chosen: string[], options: Options) => {
    process.exitCode = await measure(chosen, options);
  });

/** Exit code 1 when a goal is missed or something could not be measured. */
async function measure(chosen: readonly string[], { on, json, repeats, assets }: Options): Promise<number> {
  const { signal, release } = onInterrupt();
  const machine = describeMachine();
  const outcomes: Outcome[] = [];
  for (const benchmark of BENCHMARKS) {
    const wanted = chosen.length === 0 ? benchmark.on === on && !benchmark.onlyByName : chosen.includes(benchmark.name);
    if (!wanted) continue;
    if (signal.aborted) break;
    const note = (line: string) => process.stderr.write(`${benchmark.name}: ${line}\n`);
    outcomes.push(await outcomeOf(benchmark, { repeats, signal, note, ...(assets !== undefined && { assets }) }));
  }
  release();
  process.stdout.write(
    json ? `${JSON.stringify({ machine, outcomes }, null, 2)}\n` : `\n${renderTable(machine, outcomes)}`,
  );
  const missed = outcomes.some(
    ({ error, measurements }) => error !== undefined || measurements.some(({ goal }) => goal && !goal.met),
  );
  return missed ? 1 : 0;
}

/** One that fails does not take the numbers of the others with it. */
async function outcomeOf(benchmark: Benchmark, options: BenchOptions): Promise<Outcome> {
  try {
    return { benchmark: benchmark.name, measurements: await benchmark.run(options) };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { benchmark: benchmark.name, measurements: [], error: what };
  }
}

await program.parseAsync();
