import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report, RunResult } from '../harness/model/result.ts';
import { writeAtomically } from './files/write-atomically.ts';
import { summaryOf } from './history/run-summary.ts';
import { renderExposition } from './prometheus/exposition.ts';
import { runGauges, successGauges } from './prometheus/gauges.ts';

/** What the run came to, in the Prometheus text format; without the time of the last success. */
export function renderRunMetrics(result: RunResult): string {
  return renderExposition(runGauges(summaryOf(result)));
}

/** The time of the last success, in the Prometheus text format; empty when the run is no pass. */
export function renderSuccessMetrics(result: RunResult): string {
  return renderExposition(successGauges(summaryOf(result)));
}

/**
 * Writes `restore-drill.<drill>.prom` and, after a pass only, `restore-drill.<drill>.success.prom`. Both go to the textfile collector of the node
 * exporter; the second stays there when a later run fails, so that an alert on the age of the last success works.
 */
export const report: Report = {
  name: 'prometheus',
  async write(result, runFolder) {
    const stem = join(runFolder, fileStem(result.drill.name));
    const files = [await writeAtomically(`${stem}.prom`, renderRunMetrics(result))];
    const success = `${stem}.success.prom`;
    if (summaryOf(result).verdict !== 'pass') {
      await rm(success, { force: true });
      return files;
    }
    return [...files, await writeAtomically(success, renderSuccessMetrics(result))];
  },
};

function fileStem(drill: string): string {
  const safe = drill.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
  return `restore-drill.${safe || 'drill'}`;
}
