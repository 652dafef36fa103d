import type { ExistingWorkload } from '../../existing/configuration/plug-in.ts';
import { inBatches } from './existing/configuration/in-batches.ts';
import { oneAssetOf } from './existing/configuration/one-asset-of.ts';
import { pinned } from './existing/configuration/pinned.ts';
import { rehearsalOf } from './existing/configuration/rehearsal-of.ts';
import { sabotages } from './existing/configuration/sabotages.ts';
import { type DrillConfig, schema } from './existing/configuration/schema.ts';
import { upgradeOf } from './existing/configuration/upgrade-of.ts';
import { installedVersionAt } from './existing/installed-version.ts';

/** How backups of a user's own Immich are described and drilled. */
export const existing: ExistingWorkload<DrillConfig> = {
  schema,
  placesOf: ({ library, database }) => ({ library, database }),
  rehearsalOf,
  oneOf: oneAssetOf,
  inBatches,
  pinned,
  upgradeOf,
  installedVersionAt,
  sabotages,
};
