import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { renderJson } from '../../../reports/json.ts';
import { DrillError } from '../../model/error.ts';
import { readJournal } from '../../run/journal.ts';
import { findRun } from '../run-store.ts';
import { renderShow } from '../show.ts';
import { renderUnfinished } from '../unfinished.ts';

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
    });
}

function text({ id, folder, result }: ReturnType<typeof findRun>, json: boolean): string {
  if (!result) return renderUnfinished(id, folder, readJournal(join(folder, 'journal.jsonl')));
  if (json) return renderJson(result);
  const { stdout } = process;
  return `${renderShow(result, { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns ?? 120 })}\n`;
}

function log(folder: string, name: string): string {
  const file = join(folder, 'logs', `${name}.log`);
  if (/^[\w.-]+$/.test(name) && existsSync(file)) return readFileSync(file, 'utf8');
  throw new DrillError({
    code: 'log-unknown',
    where: 'cli',
    what: `The run has no log "${name}".`,
    next: `look into ${join(folder, 'logs')}.`,
    blame: 'usage',
  });
}
