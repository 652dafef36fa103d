import { join } from 'node:path';
import { Command } from 'commander';
import { renderJson } from '../../../reports/json.ts';
import { plainLines } from '../../../reports/text/one-line.ts';
import { DrillError } from '../../model/error.ts';
import { readBytes } from '../../model/read-text.ts';
import { shellWord } from '../../model/shell-word.ts';
import { findRun, journalOf, type StoredRun } from '../run-store.ts';
import { renderShow } from '../show.ts';
import { renderUnfinished } from '../unfinished.ts';

const LOG_LONGEST_BYTES = 256 * 1024 ** 2;
/** Nothing was proved, as for every run that is unknown. */
const EXIT_UNKNOWN = 2;

/** `drill show [run]`. */
export function showCommand(): Command {
  return new Command('show')
    .description('show a run: how far it came, what it proved, where the evidence is')
    .argument('[run]', 'its id, or the beginning or end of it; the latest when left out')
    .option('--log <name>', 'print the log of one job or server, such as library.restore')
    .option('--json', 'print the result as JSON')
    .action((name: string | undefined, options: { log?: string; json?: boolean }) => {
      const run = findRun(name);
      process.stdout.write(options.log === undefined ? text(run, options.json ?? false) : log(run.folder, options.log));
      if (options.log === undefined && run.damage !== undefined) process.exitCode = EXIT_UNKNOWN;
    });
}

function text(run: StoredRun, json: boolean): string {
  const { result, damage } = run;
  if (!result && json) throw noResult(run);
  if (!result) return renderUnfinished(run, damage === undefined ? journalOf(run) : whatIsLeft(run));
  if (json) return renderJson(result);
  const { stdout } = process;
  return `${renderShow(result, { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns ?? 120 })}\n`;
}

/** Where the result is damaged, the journal may be so, too: that is not what is to be told. */
function whatIsLeft(run: StoredRun) {
  try {
    return journalOf(run);
  } catch {
    return [];
  }
}

/** A log as it was written, except for what a terminal would obey. */
function log(folder: string, name: string): string {
  const file = join(folder, 'logs', `${name}.log`);
  if (/^[\w.-]+$/.test(name)) {
    try {
      const read = readBytes(file, LOG_LONGEST_BYTES).toString('utf8');
      return `${plainLines(read, Number.POSITIVE_INFINITY)}\n`;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
        throw new DrillError({
          code: 'log-unreadable',
          where: 'cli',
          what: `The log ${file} cannot be read: ${(cause as Error).message}.`,
          next: `look into ${join(folder, 'logs')}.`,
          blame: 'environment',
          cause,
        });
    }
  }
  throw new DrillError({
    code: 'log-unknown',
    where: 'cli',
    what: `The run has no log "${name}".`,
    next: `look into ${join(folder, 'logs')}.`,
    blame: 'usage',
  });
}

function noResult({ id, damage }: StoredRun): DrillError {
  return new DrillError({
    code: 'no-result',
    where: 'cli',
    what: `The run ${id} has no result that could be printed: ${damage ?? 'it was killed, or it still goes on'}.`,
    next: `\`drill show ${shellWord(id)}\` says how far it came.`,
    blame: 'environment',
  });
}
