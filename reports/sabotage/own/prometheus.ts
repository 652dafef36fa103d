import { join } from 'node:path';
import type { OwnSabotageReport, OwnSabotageResult } from '../../../harness/model/own-sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { type Gauge, renderExposition } from '../../prometheus/exposition.ts';

/** Writes `restore-drill.sabotage.<drill>.prom`, for the textfile collector of the node exporter. */
export const report: OwnSabotageReport = {
  write: async (result) => [
    await writeAtomically(
      join(result.folder, `restore-drill.sabotage.${result.drill}.prom`),
      renderOwnSabotageMetrics(result),
    ),
  ],
};

/** The kill score of somebody's set-up, and what it is made of, by the names that the matrix has. */
export function renderOwnSabotageMetrics(result: OwnSabotageResult): string {
  const labels = { drill: result.drill, substrate: 'local' };
  const gauge = (name: string, help: string, value: number): Gauge => ({
    name: `restore_drill_sabotage_${name}`,
    help,
    samples: [{ labels, value }],
  });
  return renderExposition([
    gauge('kill_score_ratio', 'Share of the ruined runs that were caught.', (result.killScore ?? Number.NaN) / 100),
    gauge('runs', 'Ruined runs.', result.total),
    gauge('missed_runs', 'Ruined runs that nobody caught.', result.missed),
    gauge('ended_timestamp_seconds', 'When the matrix ended.', Date.parse(result.endedAt) / 1000),
  ]);
}
