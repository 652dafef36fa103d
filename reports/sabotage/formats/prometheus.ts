import { join } from 'node:path';
import type { SabotageReport, SabotageResult } from '../../../harness/model/sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { type Gauge, renderExposition } from '../../prometheus/exposition.ts';

/** Writes `restore-drill.sabotage.<drill>.prom`, for the textfile collector of the node exporter. */
export const report: SabotageReport = {
  write: async (result) => [
    await writeAtomically(
      join(result.folder, `restore-drill.sabotage.${result.drill}.prom`),
      renderSabotageMetrics(result),
    ),
  ],
};

/** The kill score and what it is made of, in the Prometheus text format. */
export function renderSabotageMetrics(result: SabotageResult): string {
  const { drill, substrate } = result;
  const labels = { drill, substrate };
  const gauge = (name: string, help: string, value: number): Gauge => ({
    name: `restore_drill_sabotage_${name}`,
    help,
    samples: [{ labels, value }],
  });
  const byPath = result.columns.map(({ component, path }) => {
    const cells = result.cells.filter((cell) => cell.component === component && cell.path === path);
    const caught = cells.filter(({ outcome }) => outcome === 'caught').length;
    return { labels: { ...labels, component, path }, value: cells.length === 0 ? Number.NaN : caught / cells.length };
  });
  return renderExposition([
    gauge('kill_score_ratio', 'Share of the ruined runs that were caught.', (result.killScore ?? Number.NaN) / 100),
    { name: 'restore_drill_sabotage_path_kill_score_ratio', help: 'The same, by backup path.', samples: byPath },
    gauge('runs', 'Ruined runs.', result.total),
    gauge('missed_runs', 'Ruined runs that nobody caught.', result.missed.length),
    gauge('false_alarms', 'Healthy runs that did not pass.', result.falseAlarms.length),
    gauge('ended_timestamp_seconds', 'When the matrix ended.', Date.parse(result.endedAt) / 1000),
  ]);
}
