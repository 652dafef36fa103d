import type { ResumableRun } from '../../../../existing/batches/resumable-run.ts';
import type { DrillConfig } from './schema.ts';

/** The configuration with the very backups that a run began with: newer ones may be there by now. */
export function pinned(config: DrillConfig, { pins, receipts }: ResumableRun): DrillConfig {
  const receipt = receipts.findLast(({ component }) => component === 'database');
  const { library, database } = config;
  const { place, file } = receipt?.details ?? {};
  return {
    ...config,
    ...(library && {
      library: {
        ...library,
        ...withSnapshot(library, pins.snapshot),
        ...(library.archive !== undefined && pins.file !== undefined && { archive: pins.file }),
      },
    }),
    database: {
      ...database,
      ...withSnapshot(database, place),
      ...(file !== undefined && file !== '' && !database.baseBackup && { dump: String(file) }),
    },
  };
}

function withSnapshot<Place extends Pick<NonNullable<DrillConfig['library']>, 'restic'>>(
  { restic }: Place,
  snapshot: unknown,
): Pick<Place, 'restic'> | object {
  return restic && snapshot !== undefined ? { restic: { ...restic, snapshot: String(snapshot) } } : {};
}
