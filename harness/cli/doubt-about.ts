import { type GateDemands, type GateDoubt, lastRun } from '../../reports/gate/judge-gate.ts';
import { lastRehearsal, mayConcern, rehearsalOf } from '../../reports/gate/last-rehearsal.ts';
import type { HistoryEntry } from '../../reports/history/entry.ts';
import { summaryOf } from '../../reports/history/run-summary.ts';
import { evidenceOf } from './evidence-of.ts';
import { listRuns, type StoredRun, timeOf } from './run-store.ts';

/**
 * What the runs on this machine say against the records that a gate is judged by, those of a drill and of the rehearsal of an
 * upgrade: the result is not what it was any more, or a later run has a result that is damaged or no pass, and no record.
 * Undefined when they say nothing.
 */
export function doubtAbout(
  entries: readonly HistoryEntry[],
  demands: Pick<GateDemands, 'drill' | 'substrate' | 'toVersion'>,
): GateDoubt | undefined {
  const { drill, toVersion } = demands;
  const ofDrill = doubtSince(entries, drill, lastRun({ entries }, demands), () => true);
  if (ofDrill || toVersion === undefined) return ofDrill;
  const rehearsal = lastRehearsal(entries, drill, toVersion);
  return doubtSince(
    entries,
    rehearsalOf(drill),
    rehearsal,
    ({ result }) => !result || mayConcern(summaryOf(result), toVersion),
  );
}

function doubtSince(
  entries: readonly HistoryEntry[],
  drill: string,
  last: HistoryEntry | undefined,
  counts: (run: StoredRun) => boolean,
): GateDoubt | undefined {
  if (last && evidenceOf(last) === 'changed')
    return {
      code: 'evidence-changed',
      says: `the result of ${last.run.id}, the last run of ${drill}, was damaged or changed since it was recorded`,
    };
  const recorded = new Set(entries.map(({ run }) => run.id));
  const later = listRuns(undefined, (id) => isLater(id, drill, last) && !recorded.has(id));
  const bad = later.findLast(
    (run) => (run.damage !== undefined || (run.result && run.result.verdict !== 'pass')) && counts(run),
  );
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
