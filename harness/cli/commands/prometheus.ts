import { Command } from 'commander';
import { writeAtomically } from '../../../reports/files/write-atomically.ts';
import { renderExposition } from '../../../reports/prometheus/exposition.ts';
import { historyGauges } from '../../../reports/prometheus/history-gauges.ts';
import { type HistoryOptions, readHistory, withHistoryOptions } from '../open-history.ts';
import { outFile } from '../out-target.ts';

/** `drill prometheus`. */
export function prometheusCommand(): Command {
  const command = new Command('prometheus')
    .description('print the last run of every drill, and when it last passed, as metrics for the textfile collector')
    .option('--out <file>', 'write them into this file instead, atomically, such as …/textfile/restore-drill.prom');
  return withHistoryOptions(command).action(async (options: HistoryOptions & { out?: string }) => {
    const text = renderExposition(historyGauges(await readHistory(options)));
    if (options.out === undefined) process.stdout.write(text);
    else await writeAtomically(outFile(options.out), text);
  });
}
