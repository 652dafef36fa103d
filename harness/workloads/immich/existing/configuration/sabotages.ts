import { join } from 'node:path';
import { placeOf } from '../../../../existing/configuration/place-of.ts';
import { findWays } from '../../../../existing/sabotage/find-ways.ts';
import type { CopyFolders, CopySources, OwnSabotages } from '../../../../existing/sabotage/own-sabotage.ts';
import { MEDIA_FOLDERS } from '../../layout.ts';
import { IMMICH_DUMPS } from './rehearsal-of.ts';
import { DATABASE, type DrillConfig } from './schema.ts';

const ANY_DUMP = '*';
const WAYS = join(import.meta.dirname, '../sabotage');

/** How a copy of somebody's Immich is made, ruined, and drilled in place of the backup. */
export const sabotages: OwnSabotages<DrillConfig> = {
  sourcesOf,
  onCopies,
  database: 'database',
  ways: () => findWays(WAYS),
};

function sourcesOf({ library, database }: DrillConfig): CopySources {
  const { inLibrary, path = '', dump, baseBackup, server } = database;
  return {
    ...(library && { library: libraryOf(library) }),
    // A physical copy of a server, or one that lives, is drilled as it is: there is no statement in it to take out.
    ...(!baseBackup &&
      !server && {
        dump: {
          ...(inLibrary === undefined && { place: placeOf(database) }),
          folder: [inLibrary, path].filter(Boolean).join('/'),
          file: dump ?? (inLibrary === undefined ? ANY_DUMP : IMMICH_DUMPS),
          database: DATABASE,
        },
      }),
  };
}

function libraryOf(library: NonNullable<DrillConfig['library']>): NonNullable<CopySources['library']> {
  const { root, archive, path = '' } = library;
  return {
    place: placeOf(library),
    marks: MEDIA_FOLDERS,
    ...(root !== undefined && { root }),
    ...(archive !== undefined && { archive: { folder: path, file: archive } }),
  };
}

function onCopies(config: DrillConfig, { media, dumps, archive }: CopyFolders): DrillConfig {
  const { library, database } = config;
  const { root, sample, leavesOut } = library ?? {};
  const packed = archive && { folder: archive.folder, archive: archive.file, ...(root !== undefined && { root }) };
  // The copy begins at the media root; a drill that is not told of one finds it here, too.
  const plain = { folder: media, ...(root !== undefined && { root: '' }), ...(sample !== undefined && { sample }) };
  const stays = [database.inLibrary, database.baseBackup, database.server].some((one) => one !== undefined);
  return {
    ...config,
    ...(library && { library: { ...(packed ?? plain), ...(leavesOut && { leavesOut }) } }),
    database: stays ? database : { folder: dumps },
  };
}
