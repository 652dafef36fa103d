import { Command } from 'commander';
import { renderAllure } from '../../../reports/allure/render.ts';
import { oneLine } from '../../../reports/text/one-line.ts';
import { outFolder } from '../out-target.ts';
import { findRun, listRuns } from '../run-store.ts';

/** `drill report [run]`. */
export function reportCommand(): Command {
  return new Command('report')
    .description('render the Allure report of a run, with the history of earlier ones')
    .argument('[runs...]', 'ids of runs; all of them, with the latest in front, when left out')
    .option('--out <folder>', 'where to', 'allure-report')
    .action(async (names: string[], options: { out: string }) => {
      const out = outFolder(options.out);
      const runs = names.length > 0 ? names.map((name) => findRun(name)) : listRuns();
      for (const { id, damage } of runs)
        if (damage !== undefined) process.stderr.write(`${oneLine(id)}: ${oneLine(damage)}\n`);
      const index = await renderAllure(
        runs.map(({ folder }) => folder),
        out,
      );
      process.stdout.write(`${index}\n`);
    });
}
