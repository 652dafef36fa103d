import { ownDrill } from '../../existing/configuration/own-backups.ts';
import type { OwnDrill } from '../../existing/configuration/plug-in.ts';
import { refuseToWriteInto } from '../../existing/configuration/refuse-to-write-into.ts';
import type { OwnSabotage, OwnSabotages } from '../../existing/sabotage/own-sabotage.ts';
import { sabotageOwn } from '../../existing/sabotage/sabotage-own.ts';
import { workRoot } from '../../machine/work-folders/work-root.ts';
import { DrillError } from '../../model/error.ts';
import { onInterrupt } from '../interrupt.ts';
import { openSubstrate, type SubstrateName } from '../open-substrate.ts';
import { runsFolder } from '../run-store.ts';
import { publishOwnSabotage } from './publish.ts';
import { ownProgress, renderOwn } from './render-own.ts';

/** What of the command is meant for backups of one's own, and what is not. */
export interface OwnSabotageChoices {
  readonly config: string;
  readonly on: SubstrateName;
  readonly only: readonly string[];
  readonly maxSize: number;
  readonly jobs: number;
  readonly json?: boolean;
  readonly path: readonly string[];
  readonly shard?: object;
  readonly once?: boolean;
  readonly random?: number;
  readonly list?: boolean;
}

const COLUMNS = 120;

/** `drill sabotage <name> --config <file>`: ruins copies of a user's own backup, and gives the exit code. */
export async function ownSabotage(name: string, choices: OwnSabotageChoices): Promise<number> {
  refuseMatrixOptions(choices);
  const { on, only, maxSize, jobs, json } = choices;
  const own = await ownDrill(name, choices.config);
  const sabotages = sabotagesOf(own);
  const ways = wanted(await sabotages.ways(), only);
  refuseToWriteInto(own.plugIn.rehearsalOf(name, own.config).readsFrom, [runsFolder(), workRoot()]);
  const progress = ownProgress();
  const open = openSubstrate({ on, s3: undefined, onNote: (line) => progress.note(line) });
  const interrupt = onInterrupt();
  const { stdout, stderr } = process;
  try {
    const { signal } = interrupt;
    const result = await sabotageOwn(name, own, sabotages, {
      ...{ ways, maxBytes: maxSize, jobs, signal, runsFolder: runsFolder(), listener: progress },
      openSubstrate: open,
    });
    for (const problem of await publishOwnSabotage(result)) stderr.write(`${problem}\n`);
    const color = stdout.isTTY && stdout.hasColors();
    if (json) stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else stdout.write(`\n${renderOwn(result, { color, columns: stdout.columns ?? COLUMNS })}`);
    return result.exitCode;
  } finally {
    interrupt.release();
  }
}

function sabotagesOf({ config, plugIn }: OwnDrill): OwnSabotages {
  if (plugIn.sabotages) return plugIn.sabotages;
  throw usage(
    'workload-cannot',
    `The workload ${config.workload} has no way to ruin copies of its backups.`,
    'drill them with `drill run`.',
  );
}

/** Those that were asked for, each by its name or several with commas between them. */
function wanted(ways: readonly OwnSabotage[], only: readonly string[]): readonly OwnSabotage[] {
  const names = only.flatMap((one) => one.split(',')).filter(Boolean);
  if (names.length === 0) return ways;
  const unknown = names.filter((one) => !ways.some(({ name }) => name === one));
  if (unknown.length === 0) return ways.filter(({ name }) => names.includes(name));
  throw usage(
    'sabotage-unknown',
    `There is no way "${unknown.join('", "')}" to ruin a backup.`,
    `choose among: ${ways.map(({ name }) => name).join(', ')}.`,
  );
}

/** What chooses among the paths of a matrix means nothing where there is one backup. */
function refuseMatrixOptions({ on, path, shard, once, random, list }: OwnSabotageChoices): void {
  const given = Object.entries({ path: path.length > 0, shard, once, random: random !== undefined, list })
    .filter(([, value]) => value)
    .map(([option]) => `--${option}`);
  if (given.length > 0)
    throw usage(
      'options-of-matrix',
      `${given.join(', ')} is for the matrix of a synthetic drill, and --config names a backup that is there.`,
      'leave it out, or leave out --config.',
    );
  if (on !== 'local')
    throw usage(
      'sabotage-needs-local',
      `Copies of a backup are ruined on this machine, and --on ${on} restores elsewhere.`,
      'leave out --on.',
    );
}

function usage(code: string, what: string, next: string): DrillError {
  return new DrillError({ code, where: 'cli', what, next, blame: 'usage' });
}
