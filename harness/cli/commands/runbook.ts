import { Command } from 'commander';
import { renderRunbook } from '../../../reports/runbook/render-runbook.ts';
import { readRunbook } from '../runbook/read-runbook.ts';

/** `drill runbook <name>`. */
export function runbookCommand(): Command {
  return new Command('runbook')
    .description('print how the last run of a drill restored, as Markdown: every command with the time it took')
    .argument('<drill>', 'drill name, or that of your own backups')
    .option('--run <id>', 'take this run instead of the last one')
    .option('--json', 'print it as JSON')
    .action((name: string, { run, json }: { run?: string; json?: boolean }) => {
      const runbook = readRunbook(name, run);
      process.stdout.write(json ? `${JSON.stringify(runbook, null, 2)}\n` : renderRunbook(runbook));
    });
}
