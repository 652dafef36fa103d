import type { Database } from '../../../../model/target.ts';

/** Makes a library of some day one that is used: a living Immich writes rows every day. */
export async function use(database: Database): Promise<void> {
  await database.query(
    'UPDATE version_history SET "createdAt" = now() WHERE "createdAt" = (SELECT max("createdAt") FROM version_history)',
  );
}
