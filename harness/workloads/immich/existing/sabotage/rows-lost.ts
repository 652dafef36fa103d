import { editSql, WITHOUT_ROWS } from '../../../../existing/sabotage/dump/edit-sql.ts';
import type { BackupCopy, OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsSql, tableIn } from './mechanisms/sql.ts';

/** What people miss, and what Immich calls the table: since v1.136, and before. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  albums: ['album', 'albums'],
  'album-photos': ['album_asset', 'albums_assets_assets'],
  'album-users': ['album_user', 'albums_shared_users_users'],
  assets: ['asset', 'assets'],
  exif: ['asset_exif', 'exif'],
  faces: ['asset_face', 'asset_faces'],
  memories: ['memory', 'memories'],
  people: ['person'],
  'shared-links': ['shared_link', 'shared_links'],
  stacks: ['stack', 'asset_stack'],
  tags: ['tag', 'tags'],
  'tagged-photos': ['tag_asset'],
  thumbnails: ['asset_file', 'asset_files'],
  users: ['user', 'users'],
};

/** The rows of one table are gone, and the dump is whole in all else: one way a table. */
const sabotages: readonly OwnSabotage[] = Object.entries(TABLES).map(([words, names]) => ({
  name: `rows-lost-${words}`,
  about: `The dump has not one row of the table ${names[0]}.`,
  ruins: 'dumps',
  fits: (copy) => fitsTable(copy, names),
  ruin: async (copy) => await editSql(copy, WITHOUT_ROWS, tableIn(copy, names)),
}));

function fitsTable(copy: BackupCopy, names: readonly string[]): true | string {
  const fits = fitsSql(copy);
  return fits === true ? tableIn(copy, names) !== undefined || 'the table has no rows' : fits;
}

export default sabotages;
