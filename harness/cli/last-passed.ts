import type { HistoryEntry } from '../../reports/history/entry.ts';
import type { LastPassed } from '../existing/configuration/plug-in.ts';
import { readHistory } from './open-history.ts';

/** What the last run of a drill that passed has counted; none when there is no such run. */
export async function lastPassed(drill: string, history: string | undefined): Promise<LastPassed | undefined> {
  const { entries } = await readHistory({ ...(history !== undefined && { history }) });
  return entries.map((entry) => countedBy(drill, entry)).findLast((one) => one !== undefined);
}

function countedBy(name: string, { drill, verdict, partial, run, counts }: HistoryEntry): LastPassed | undefined {
  if (drill !== name || verdict !== 'pass' || partial || Object.keys(counts).length === 0) return undefined;
  return { run: run.id, startedAt: run.startedAt, counts };
}
