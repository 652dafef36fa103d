import type { Floors } from '../../../fixtures/immich/found/checks/floors.ts';
import type { HistoryEntry } from '../../../reports/history/entry.ts';
import { readHistory } from '../open-history.ts';
import type { DrillConfig } from './config-schema.ts';

/** Of the assets of the last run that passed, so many must still be there: people tidy up, and backups of next to nothing have less. */
const SHARE_KEPT = 0.9;

/** What an earlier run has counted. */
export interface LastPassed {
  readonly run: string;
  readonly users: number;
  readonly assets: number;
}

/** The fewest users and assets that the backup may have: what its owner says, otherwise what the last run that passed has seen. */
export function floorsOf(atLeast: DrillConfig['atLeast'], last: LastPassed | undefined): Floors {
  const { users = last?.users ?? 1, assets = last ? Math.ceil(last.assets * SHARE_KEPT) : 1 } = atLeast ?? {};
  const isGiven = atLeast?.users !== undefined && atLeast.assets !== undefined;
  const from = isGiven
    ? 'as configured'
    : last
      ? `as run ${last.run} had ${last.users} and ${last.assets}`
      : 'with no earlier run that passed to compare with';
  return { users, assets, from };
}

/** What the last run of a drill that passed has counted; none when there is no such run. */
export async function lastPassed(drill: string, history: string | undefined): Promise<LastPassed | undefined> {
  const { entries } = await readHistory({ ...(history !== undefined && { history }) });
  return entries.map((entry) => countedBy(drill, entry)).findLast((one) => one !== undefined);
}

function countedBy(name: string, { drill, verdict, partial, run, counts }: HistoryEntry): LastPassed | undefined {
  const { users, assets } = counts;
  if (drill !== name || verdict !== 'pass' || partial || users === undefined || assets === undefined) return undefined;
  return { run: run.id, users, assets };
}
