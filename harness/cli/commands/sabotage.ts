import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { renderCatalogue } from '../../../reports/sabotage/catalogue.ts';
import type { Drill } from '../../model/drill.ts';
import { DrillError } from '../../model/error.ts';
import type { AnySabotage } from '../../model/sabotage.ts';
import { runRandom } from '../../sabotage/random/run-random.ts';
import { runMatrix } from '../../sabotage/run-matrix.ts';
import { type ClusterOptions, withClusterOptions } from '../cluster-options.ts';
import { onInterrupt } from '../interrupt.ts';
import { loadDrill, showcase } from '../load-drills.ts';
import { loadSabotages } from '../load-sabotages.ts';
import { sizeInBytes, wholeNumber } from '../numbers.ts';
import { SUBSTRATES, type SubstrateName } from '../open-substrate.ts';
import { runsFolder } from '../run-store.ts';
import { renderMatrix } from '../sabotage/matrix.ts';
import { openSharedSubstrate } from '../sabotage/open-shared-substrate.ts';
import { ownSabotage } from '../sabotage/own-sabotage.ts';
import { matrixProgress } from '../sabotage/progress.ts';
import { publishSabotage } from '../sabotage/publish.ts';
import { faultLine, renderRandom } from '../sabotage/random.ts';

interface Options extends ClusterOptions {
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
  /** A file that describes backups of one's own: a copy of one of those is ruined. */
  readonly config?: string;
  readonly maxSize: number;
}

const MOST_AT_ONCE = 4;
const EXIT_INTERRUPTED = 130;
const MAX_COPY_BYTES = 2 * 1024 ** 3;

/** `drill sabotage <name>`. */
export function sabotageCommand(): Command {
  const command = new Command('sabotage')
    .description('ruin backups and restores on purpose, and see whether the drill notices')
    .argument('[drill]', 'drill name (see `drill list`)', showcase())
    .addOption(new Option('--on <substrate>', 'where it runs').choices(SUBSTRATES).default('local'))
    .option('--only <sabotage>', 'only this sabotage (may be given again)', collect, [])
    .option('--path <path>', 'only this backup path, such as restic (may be given again)', collect, [])
    .option('--shard <i/n>', 'only this part of the matrix, such as 1/3', shard)
    .option('--once', 'each sabotage against one of its paths only, instead of all')
    .option('--repeats <n>', 'how often the healthy twins run', wholeNumber(0), 1)
    .option('--jobs <n>', 'drills at a time', wholeNumber(1), Math.min(MOST_AT_ONCE, availableParallelism()))
    .option('--random <n>', 'instead of the matrix, so many random faults in what was stored', wholeNumber(1))
    .option('--seed <n>', 'the same number gives the same random faults', wholeNumber(0), 1)
    .option('--config <file>', 'ruin copies of your own backups, as the file describes them, instead of the matrix')
    .option('--max-size <size>', 'with --config: how large a copy may be', sizeInBytes, MAX_COPY_BYTES)
    .option('--list', 'write the catalogue of all sabotages as Markdown, and run nothing')
    .option('--json', 'print the result as JSON on stdout');
  return withClusterOptions(command).action(async (name: string, options: Options) => {
    const { config } = options;
    process.exitCode =
      config === undefined ? await sabotage(name, options) : await ownSabotage(name, { ...options, config });
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
  requirePlace(drill, options.on);
  const interrupt = onInterrupt();
  try {
    const { signal } = interrupt;
    if (options.random !== undefined) return await random(drill, options, options.random, signal);
    return await matrix(drill, sabotages, options, signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_INTERRUPTED;
  } finally {
    interrupt.release();
  }
}

async function matrix(
  drill: Drill,
  sabotages: readonly AnySabotage[],
  options: Options,
  signal: AbortSignal,
): Promise<number> {
  const { on, only, path, once = false, repeats, jobs, json } = options;
  const { stdout, stderr } = process;
  const progress = matrixProgress();
  const cells = { runsFolder: runsFolder(), signal };
  await using place = await openSharedSubstrate({
    ...cells,
    on,
    cluster: options,
    jobs,
    onNote: (line) => progress.note(line),
  });
  const result = await runMatrix(drill, sabotages, {
    ...cells,
    ...{ substrate: on, repeats, concurrency: jobs, listener: progress },
    selection: { only, paths: path, once, ...(options.shard && { shard: options.shard }) },
    openSubstrate: place.open,
  });
  for (const problem of await publishSabotage(result)) stderr.write(`${problem}\n`);
  if (json) stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const color = stdout.isTTY && stdout.hasColors();
    stdout.write(`\n${renderMatrix(result, { color, columns: stdout.columns ?? 120 })}`);
  }
  return result.exitCode;
}

async function random(drill: Drill, options: Options, count: number, signal: AbortSignal): Promise<number> {
  const { on, seed, path, jobs, json } = options;
  const { stderr, stdout } = process;
  const cells = { runsFolder: runsFolder(), signal };
  await using place = await openSharedSubstrate({ ...cells, on, cluster: options, jobs, onNote: () => {} });
  const result = await runRandom(drill, {
    ...cells,
    ...{ substrate: on, count, seed, paths: path, concurrency: jobs },
    told: (fault) => stderr.write(`${faultLine(fault, count)}\n`),
    openSubstrate: place.open,
  });
  stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : renderRandom(result));
  return signal.aborted ? EXIT_INTERRUPTED : result.exitCode;
}

/** A disaster that needs a cluster would end each of many runs before it begins. */
function requirePlace({ name, disaster }: Drill, on: SubstrateName): void {
  if (on !== 'local' || !disaster.needs) return;
  throw new DrillError({
    code: 'substrate-cannot',
    where: 'cli',
    what: `The disaster ${disaster.name} of ${name} strikes a cluster, and this machine is none.`,
    next: 'add --on kind.',
    blame: 'usage',
  });
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
