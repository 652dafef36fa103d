import { Command } from 'commander';
import { needsOf } from '../../model/drill.ts';
import { alignColumns } from '../columns.ts';
import { drillNames, loadDrill } from '../load-drills.ts';

/** `drill list`. */
export function listCommand(): Command {
  return new Command('list').description('list the drills').action(async () => {
    const rows: string[][] = [];
    for (const name of drillNames()) {
      const drill = await loadDrill(name);
      const where = needsOf(drill).length > 0 ? ' (needs a cluster: --on kind)' : '';
      rows.push([name, `${drill.claim}${where}`]);
    }
    process.stdout.write(`${alignColumns(rows).join('\n')}\n`);
  });
}
