import { join } from 'node:path';
import { Command } from 'commander';
import { DrillError } from '../../model/error.ts';
import { readJournal } from '../../run/journal.ts';
import { listRuns } from '../run-store.ts';
import { readRestore } from '../runbook/read-commands.ts';
import { renderRunbook } from '../runbook/render-runbook.ts';

/** `drill runbook <name>`. */
export function runbookCommand(): Command {
  return new Command('runbook')
    .description('print the commands of the last restore of a drill that passed, in order, as Markdown')
    .argument('<drill>', 'its name, or the id of a run')
    .action((name: string) => {
      process.stdout.write(runbookOf(name));
    });
}

function runbookOf(name: string): string {
  const runs = listRuns().filter(({ id, result }) => result && (result.drill.name === name || id === name));
  const run = runs.findLast(({ result }) => result?.verdict === 'pass') ?? runs.at(-1);
  if (run?.result) return renderRunbook(run.result, readRestore(readJournal(join(run.folder, 'journal.jsonl'))));
  throw new DrillError({
    code: 'run-unknown',
    where: 'cli',
    what: `There is no finished run of a drill "${name}".`,
    next: 'run the drill first: a runbook is what a run has done. `drill runs` lists all runs.',
    blame: 'usage',
  });
}
