import type { GateDoubt } from '../../reports/gate/judge-gate.ts';
import type { HistoryEntry } from '../../reports/history/entry.ts';
import { evidenceOf } from './evidence-of.ts';
import { listRuns, timeOf } from './run-store.ts';

/**
 * What the runs on this machine say against the last record of a drill: its result is not what it was any more, or a later
 * run has a result that is damaged or no pass, and no record. Undefined when they say nothing.
 */
export function doubtAbout(
  entries: readonly HistoryEntry[],
  drill: string,
  substrate: string | undefined,
): GateDoubt | undefined {
  const last = entries.findLast(
    (entry) => entry.drill === drill && (substrate === undefined || entry.substrate === substrate),
  );
  if (last && evidenceOf(last) === 'changed')
    return {
      code: 'evidence-changed',
      says: `the result of ${last.run.id}, the last run of ${drill}, was damaged or changed since it was recorded`,
    };
  const recorded = new Set(entries.map(({ run }) => run.id));
  const later = listRuns(undefined, (id) => isLater(id, drill, last) && !recorded.has(id));
  const bad = later.findLast(({ result, damage }) => damage !== undefined || (result && result.verdict !== 'pass'));
  if (!bad) return undefined;
  const came = bad.damage ?? `it ended with ${bad.result?.verdict}`;
  return {
    code: 'run-not-recorded',
    says: `the history does not know ${bad.id}, a later run of ${drill}: ${came}`,
  };
}

function isLater(id: string, drill: string, last: HistoryEntry | undefined): boolean {
  const time = timeOf(id);
  return id === `${drill}-${time}` && (last === undefined || time > timeOf(last.run.id));
}
