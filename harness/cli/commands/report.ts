import { join } from 'node:path';
import { Command } from 'commander';
import { renderAllure } from '../../../reports/allure/render.ts';
import { findRun, listRuns } from '../run-store.ts';

/** `drill report [run]`. */
export function reportCommand(): Command {
  return new Command('report')
    .description('render the Allure report of a run, with the history of earlier ones')
    .argument('[runs...]', 'ids of runs; all of them, with the latest in front, when left out')
    .option('--out <folder>', 'where to', 'allure-report')
    .action(async (names: string[], options: { out: string }) => {
      const runs = names.length > 0 ? names.map((name) => findRun(name)) : listRuns();
      const index = await renderAllure(
        runs.map(({ folder }) => folder),
        join(process.cwd(), options.out),
      );
      process.stdout.write(`${index}\n`);
    });
}
