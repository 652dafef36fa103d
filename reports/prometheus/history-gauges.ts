import type { HistoryEntry } from '../history/entry.ts';
import type { VerifiedHistory } from '../history/verify.ts';
import type { Gauge } from './exposition.ts';
import { drillLabels, endedAt, runGauges, successGauge } from './gauges.ts';

/** The last run of every drill on every substrate, and when each last passed. Runs of only a part count when they did not pass. */
export function historyGauges({ entries, state }: VerifiedHistory): Gauge[] {
  const counting = entries.filter(({ partial, verdict }) => !(partial && verdict === 'pass'));
  const groups = [...Map.groupBy(counting, (entry) => JSON.stringify(drillLabels(entry))).values()];
  const lasts = groups.flatMap((runs) => runs.slice(-1));
  const passed = groups.flatMap((runs) => runs.filter(({ verdict }) => verdict === 'pass').slice(-1));
  return [
    {
      name: 'restore_drill_history_whole',
      help: 'Whether the history that these metrics come from is whole: 0 when it was tampered with or its end was cut.',
      samples: [{ labels: {}, value: state === 'whole' || state === 'empty' ? 1 : 0 }],
    },
    {
      name: 'restore_drill_history_last_record',
      help: 'The number of the last record of the history, and its hash: what was seen here cannot be taken away there.',
      samples: entries.slice(-1).map(({ seq, hash }) => ({ labels: { hash }, value: seq })),
    },
    successGauge(passed.map((entry) => ({ labels: drillLabels(entry), value: endedAt(entry) }))),
    ...mergedGauges(lasts),
  ];
}

/** A metric is described once, whatever the number of drills. */
function mergedGauges(entries: readonly HistoryEntry[]): Gauge[] {
  const byName = Map.groupBy(entries.flatMap(runGauges), ({ name }) => name);
  return [...byName.values()].flatMap(([first, ...rest]) =>
    first ? [{ ...first, samples: [first, ...rest].flatMap(({ samples }) => samples) }] : [],
  );
}
