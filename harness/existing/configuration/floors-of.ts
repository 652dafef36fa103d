import type { Floors } from '../../workloads/immich/existing/checks/floors.ts';
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
