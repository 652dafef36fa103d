import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { renderCatalogue } from '../../../reports/sabotage/catalogue.ts';
import type { Drill } from '../../model/drill.ts';
import { DrillError } from '../../model/error.ts';
import type { AnySabotage } from '../../model/sabotage.ts';
import { runRandom } from '../../sabotage/random/run-random.ts';
import { runMatrix } from '../../sabotage/run-matrix.ts';
import { onInterrupt } from '../interrupt.ts';
import { loadDrill } from '../load-drills.ts';
import { loadSabotages } from '../load-sabotages.ts';
import { wholeNumber } from '../numbers.ts';
import { openSubstrate, SUBSTRATES, type SubstrateName } from '../open-substrate.ts';
import { runsFolder } from '../run-store.ts';
import { renderMatrix } from '../sabotage/matrix.ts';
import { matrixProgress } from '../sabotage/progress.ts';
import { publishSabotage } from '../sabotage/publish.ts';
import { faultLine, renderRandom } from '../sabotage/random.ts';

interface Options {
  readonly on: SubstrateName;
  readonly only: string[];
  readonly path: string[];
  readonly shard?: { readonly index: number; readonly count: number };
  readonly once?: boolean;
  readonly repeats: number;
  readonly jobs: number;
  readonly random?: number;
  readonly seed: number;
  readonly list?: boolean;
  readonly json?: boolean;
}

const MOST_AT_ONCE = 4;
const EXIT_INTERRUPTED = 130;

/** `drill sabotage <name>`. */
export function sabotageCommand(): Command {
  return new Command('sabotage')
    .description('ruin backups and restores on purpose, and see whether the drill notices')
    .argument('[drill]', 'its name, see drill list', 'immich-full')
    .addOption(new Option('--on <substrate>', 'where it runs').choices(SUBSTRATES).default('local'))
    .option('--only <sabotage>', 'only this sabotage (may be given again)', collect, [])
    .option('--path <path>', 'only this backup path, such as restic (may be given again)', collect, [])
    .option('--shard <i/n>', 'only this part of the matrix, such as 1/3', shard)
    .option('--once', 'each sabotage against one of its paths only, instead of all')
    .option('--repeats <n>', 'how often the healthy twins run', wholeNumber(0), 1)
    .option('--jobs <n>', 'drills at a time', wholeNumber(1), Math.min(MOST_AT_ONCE, availableParallelism()))
    .option('--random <n>', 'instead of the matrix, so many random faults in what was stored', wholeNumber(1))
    .option('--seed <n>', 'the same number gives the same random faults', wholeNumber(0), 1)
    .option('--list', 'write the catalogue of all sabotages as Markdown, and run nothing')
    .option('--json', 'print the result as JSON on stdout')
    .action(async (name: string, options: Options) => {
      process.exitCode = await sabotage(name, options);
    });
}

async function sabotage(name: string, options: Options): Promise<number> {
  const sabotages = await loadSabotages();
  const { stdout } = process;
  if (options.list) {
    stdout.write(renderCatalogue(sabotages));
    return 0;
  }
  requireKnown(options.only, sabotages);
  const drill = await loadDrill(name);
  if (options.random !== undefined) return await random(drill, options, options.random);
  const interrupt = onInterrupt();
  const progress = matrixProgress();
  const result = await runMatrix(drill, sabotages, {
    runsFolder: runsFolder(),
    substrate: options.on,
    selection: {
      only: options.only,
      paths: options.path,
      ...(options.shard && { shard: options.shard }),
      once: options.once ?? false,
    },
    repeats: options.repeats,
    concurrency: options.jobs,
    listener: progress,
    signal: interrupt.signal,
    openSubstrate: openSubstrate({ on: options.on, s3: undefined, onNote: (line) => progress.note(line) }),
  });
  interrupt.release();
  for (const problem of await publishSabotage(result)) process.stderr.write(`${problem}\n`);
  if (options.json) stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else
    stdout.write(
      `\n${renderMatrix(result, { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns ?? 120 })}`,
    );
  return result.exitCode;
}

async function random(drill: Drill, { on, seed, path, jobs, json }: Options, count: number): Promise<number> {
  const interrupt = onInterrupt();
  const { stderr, stdout } = process;
  const result = await runRandom(drill, {
    runsFolder: runsFolder(),
    count,
    seed,
    paths: path,
    concurrency: jobs,
    told: (fault) => stderr.write(`${faultLine(fault, count)}\n`),
    signal: interrupt.signal,
    openSubstrate: openSubstrate({ on, s3: undefined, onNote: () => {} }),
  });
  interrupt.release();
  stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : renderRandom(result));
  return interrupt.signal.aborted ? EXIT_INTERRUPTED : result.exitCode;
}

function requireKnown(only: readonly string[], sabotages: readonly AnySabotage[]): void {
  const names = sabotages.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new DrillError({
    code: 'sabotage-unknown',
    where: 'cli',
    what: `There is no sabotage "${unknown.join('", "')}".`,
    next: `choose among: ${names.join(', ')}.`,
    blame: 'usage',
  });
}

function collect(one: string, all: string[]): string[] {
  return [...all, one];
}

function shard(text: string): { index: number; count: number } {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count)
    throw new InvalidArgumentError('It must be a part of a whole, such as 1/3.');
  return { index, count };
}
