import type { LastPassed } from '../../../../existing/configuration/plug-in.ts';
import type { Minimums } from '../checks/minimums.ts';
import type { DrillConfig } from './schema.ts';

/** Of the assets of the last run that passed, so many must still be there: people tidy up, and backups of next to nothing have less. */
const SHARE_KEPT = 0.9;

/** The fewest users and assets that the backup may have: what its owner says, otherwise what the last run that passed has seen. */
export function minimumsOf(atLeast: DrillConfig['atLeast'], last: LastPassed | undefined): Minimums {
  const { users: usersThen = 1, assets: assetsThen } = last?.counts ?? {};
  const kept = assetsThen === undefined ? 1 : Math.ceil(assetsThen * SHARE_KEPT);
  const { users = usersThen, assets = kept } = atLeast ?? {};
  const isGiven = atLeast?.users !== undefined && atLeast.assets !== undefined;
  const from = isGiven
    ? 'as configured'
    : last?.counts.assets !== undefined
      ? `as run ${last.run} had ${last.counts.users} and ${last.counts.assets}`
      : 'with no earlier run that passed to compare with';
  return { users, assets, from };
}
