import { Command } from 'commander';
import { oneLine } from '../../../reports/text/one-line.ts';
import { needsOf } from '../../model/drill.ts';
import { DrillError } from '../../model/error.ts';
import { alignColumns } from '../columns.ts';
import { drillNames, loadDrill } from '../load-drills.ts';

/** `drill list`. */
export function listCommand(): Command {
  return new Command('list').description('list the drills').action(async () => {
    const rows: string[][] = [];
    for (const name of drillNames()) {
      rows.push([oneLine(name), oneLine(await wordsOf(name))]);
    }
    process.stdout.write(`${alignColumns(rows).join('\n')}\n`);
  });
}

/** One that cannot be loaded is a line of the list, and hides none of the others. */
async function wordsOf(name: string): Promise<string> {
  try {
    const drill = await loadDrill(name);
    return `${drill.claim}${needsOf(drill).length > 0 ? ' (needs a cluster: --on kind)' : ''}`;
  } catch (error) {
    if (error instanceof DrillError) return error.what;
    throw error;
  }
}
