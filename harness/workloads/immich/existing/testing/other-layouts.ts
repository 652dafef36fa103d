const QUIETLY = 'SET session_replication_role = replica';

/** What releases before v1.136 called their tables. */
const PLURALS = {
  ...{ user: 'users', asset: 'assets', asset_exif: 'exif', asset_file: 'asset_files', album: 'albums', tag: 'tags' },
  ...{ album_asset: 'albums_assets_assets', album_user: 'albums_shared_users_users', asset_face: 'asset_faces' },
  ...{
    stack: 'asset_stack',
    memory: 'memories',
    shared_link: 'shared_links',
    library: 'libraries',
    api_key: 'api_keys',
  },
};
const PATHS = [
  ['assets', 'originalPath'],
  ['assets', 'sidecarPath'],
  ['asset_files', 'path'],
  ['person', 'thumbnailPath'],
  ['users', 'profileImagePath'],
];

/** Lays a database of v2.7 out as one of v1.135: names in the plural, sidecars beside originals, relative paths. */
export const AS_V1_135: readonly string[] = [
  QUIETLY,
  ...Object.entries(PLURALS).map(([now, then]) => `ALTER TABLE "${now}" RENAME TO "${then}"`),
  'ALTER TABLE assets DROP COLUMN "checksumAlgorithm", ADD COLUMN "sidecarPath" varchar, ADD COLUMN "encodedVideoPath" varchar',
  `UPDATE assets SET "sidecarPath" = f.path FROM asset_files f WHERE f."assetId" = assets.id AND f.type = 'sidecar'`,
  `DELETE FROM asset_files WHERE type = 'sidecar'`,
  ...PATHS.map(([table, column]) => `UPDATE ${table} SET "${column}" = replace("${column}", '/data/', 'upload/')`),
  `DELETE FROM kysely_migrations WHERE name >= '1752267649968'`,
  `DELETE FROM system_metadata WHERE key = 'MediaLocation'`,
  `UPDATE version_history SET version = '1.135.3'`,
];

/** Lays a database of v3.1 out as one of v3.2, as far as that is known: people are keyed by their owner and group. */
export const AS_V3_2: readonly string[] = [
  QUIETLY,
  'ALTER TABLE person DROP CONSTRAINT person_pkey CASCADE',
  'ALTER TABLE person RENAME COLUMN id TO "personGroupId"',
  'ALTER TABLE person ADD PRIMARY KEY ("ownerId", "personGroupId")',
  'ALTER TABLE asset_face RENAME COLUMN "personId" TO "personGroupId"',
  'ALTER TABLE "user" ALTER COLUMN password DROP NOT NULL',
  `INSERT INTO kysely_migrations VALUES ('1790000000000-PersonGroups', now()::text)`,
  `UPDATE version_history SET version = '3.2.0'`,
];
