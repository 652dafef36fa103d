import { Command } from 'commander';
import { alignColumns } from '../columns.ts';
import { drillNames, loadDrill } from '../load-drills.ts';

/** `drill list`. */
export function listCommand(): Command {
  return new Command('list').description('list the drills').action(async () => {
    const rows: string[][] = [];
    for (const name of drillNames()) rows.push([name, (await loadDrill(name)).claim]);
    process.stdout.write(`${alignColumns(rows).join('\n')}\n`);
  });
}
