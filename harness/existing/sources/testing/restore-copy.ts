import type { Database, ServiceSlot, Volume } from '../../../model/target.ts';
import { World } from '../../../model/target.ts';
import type { LocalForTest } from '../../../substrates/local/testing/open-local.ts';
import { folderPlace } from '../../places/folder-place.ts';
import { seenFolder, seenSnapshot } from '../../restore/seen-folder.ts';
import { baseBackupSource } from '../base-backup.ts';

export const DATABASE = 'photos';

/** What a drill has made of a physical copy. */
export interface RestoredCopy {
  readonly database: Database;
  readonly data: Volume;
}

/** Restores a physical copy out of a folder of this machine, as a drill of own backups does. */
export async function restoreCopy(local: LocalForTest, place: string, folder = ''): Promise<RestoredCopy> {
  const { substrate, context } = local;
  let slot: ServiceSlot<Database> | undefined;
  const source = baseBackupSource(folderPlace(place), { folder, superuser: 'postgres', database: DATABASE });
  await source.restore({
    component: 'database',
    choose: (...programs) => substrate.choose(programs),
    run: (job) => substrate.run(job),
    restored: new World([]),
    listed: async () => {},
    vouched: async (files) => void (await Array.fromAsync(files)),
    secret: (name) => context.secret(name),
    load: async (_, work) => await work(),
    aside: async (work) => await work(),
    volume: (name) => substrate.volume(name),
    folder: (path) => seenFolder(substrate, path),
    snapshot: (kept) => seenSnapshot(substrate, kept),
    target: async ({ database = DATABASE }) => {
      slot = await substrate.postgres('restored', database);
      return slot;
    },
  });
  if (!slot) throw new Error('the source has asked for no server');
  return { database: await slot.start(), data: slot.data };
}
