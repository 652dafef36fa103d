/** Before statements that keys and triggers would forbid or follow up. */
const QUIETLY = 'SET session_replication_role = replica';
/** Statements that neither keys nor triggers hinder. */
export const quietly = (...sql: string[]) => [QUIETLY, ...sql];

/** All that a living Immich writes to, as it was four months ago. */
export const AGED = [
  `UPDATE version_history SET "createdAt" = now() - interval '4 months'`,
  ...['memory', 'notification'].map((table) => `UPDATE ${table} SET "createdAt" = now() - interval '4 months'`),
  ...['asset', 'album', '"user"', 'session'].map(
    (table) => `UPDATE ${table} SET "updatedAt" = now() - interval '4 months'`,
  ),
];

/** What a schema loses: the name of the fault, its statement, and what must be named. */
export const SCHEMA: readonly (readonly [string, string, RegExp])[] = [
  [
    'a table without its primary key',
    'ALTER TABLE tag_closure DROP CONSTRAINT tag_closure_pkey',
    /constraint tag_closure_pkey on tag_closure/,
  ],
  ['a table without a plain index', 'DROP INDEX "asset_file_assetId_idx"', /index asset_file_assetId_idx/],
  ['a table without a unique index', 'DROP INDEX "UQ_assets_owner_checksum"', /index UQ_assets_owner_checksum/],
  ['a table without a trigger', 'DROP TRIGGER "asset_updatedAt" ON asset', /trigger asset_updatedAt on asset/],
  [
    'a trigger that is switched off',
    'ALTER TABLE album DISABLE TRIGGER "album_updatedAt"',
    /trigger album_updatedAt on album/,
  ],
  ['a column dropped', 'ALTER TABLE asset_exif DROP COLUMN "projectionType"', /column asset_exif\.projectionType/],
  ['a column that may be empty', 'ALTER TABLE person ALTER COLUMN name DROP NOT NULL', /column person\.name/],
  ['a column of another type', 'ALTER TABLE asset_exif ALTER COLUMN iso TYPE bigint', /column asset_exif\.iso/],
  ['a column without its default', 'ALTER TABLE "user" ALTER COLUMN "isAdmin" DROP DEFAULT', /column user\.isAdmin/],
  ['a table that is missing', 'DROP TABLE partner CASCADE', /table partner/],
  [
    'an enum with another word',
    `ALTER TYPE assets_status_enum RENAME VALUE 'trashed' TO 'binned'`,
    /assets_status_enum/,
  ],
  [
    'a foreign key without its rule',
    `ALTER TABLE tag DROP CONSTRAINT "tag_userId_fkey", ADD CONSTRAINT "tag_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user" (id)`,
    /constraint tag_userId_fkey on tag/,
  ],
  [
    'a foreign key that is not valid',
    `ALTER TABLE tag DROP CONSTRAINT "tag_userId_fkey", ADD CONSTRAINT "tag_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user" (id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID`,
    /constraint tag_userId_fkey on tag/,
  ],
  [
    'a function that does something else',
    'CREATE OR REPLACE FUNCTION updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    /function updated_at/,
  ],
  ['a function that is missing', 'DROP FUNCTION asset_delete_audit() CASCADE', /function asset_delete_audit/],
  [
    'a migration of a version to come',
    `INSERT INTO kysely_migrations VALUES ('1999999999999-Tomorrow', now()::text)`,
    /migration 1999999999999-Tomorrow/,
  ],
  ['migrations that were never recorded', 'DELETE FROM kysely_migrations', /no migration is recorded/],
];

/** What rows lose that no key forbids. */
export const ROWS: readonly (readonly [string, string, RegExp])[] = [
  ['a checksum that is empty', `UPDATE asset SET checksum = '' WHERE id = 'VICTIM'`, /checksum of 20 bytes.*VICTIM/],
  ['checksums that are cut', 'UPDATE asset SET checksum = substr(checksum, 1, 10)', /checksum of 20 bytes/],
  ['exif of one asset gone', `DELETE FROM asset_exif WHERE "assetId" = 'VICTIM'`, /row of exif.*VICTIM/],
  ['all exif gone', 'TRUNCATE asset_exif', /row of exif/],
  ['all links of albums gone', 'DELETE FROM album_asset', /album with a cover has assets/],
  ['a stack whose first asset is in none', 'UPDATE asset SET "stackId" = NULL', /stack has its first asset/],
  ['a person whose face is gone', `${QUIETLY}; DELETE FROM asset_face`, /points to another that is not there \(person/],
  ['tags that are in no tree', 'DELETE FROM tag_closure', /tag is in the tree/],
  [
    'a live photo whose video is an image',
    `UPDATE asset SET type = 'IMAGE' WHERE id IN (SELECT "livePhotoVideoId" FROM asset)`,
    /live photo has its video/,
  ],
  [
    'assets of a user who is gone',
    `${QUIETLY}; DELETE FROM "user" WHERE NOT "isAdmin"`,
    /points to another that is not there/,
  ],
  ['a path that is empty', `UPDATE asset SET "originalPath" = '' WHERE id = 'VICTIM'`, /file name and a path.*VICTIM/],
  ['a file name that is empty', `UPDATE asset SET "originalFileName" = '' WHERE id = 'VICTIM'`, /file name and a path/],
  ['an asset that went with what counts it', `DELETE FROM asset WHERE id = 'VICTIM'`, /uses more bytes/],
  [
    'maintenance mode',
    `INSERT INTO system_metadata VALUES ('maintenance-mode', '{"isMaintenanceMode": true}')`,
    /maintenance mode/,
  ],
  [
    'an onboarding that would begin anew',
    `INSERT INTO system_metadata VALUES ('admin-onboarding', '{"isOnboarded": false}')`,
    /onboarding/,
  ],
  [
    'nobody who can log in',
    `UPDATE system_metadata SET value = '{"passwordLogin": {"enabled": false}}' WHERE key = 'system-config'`,
    /passwords are switched off/,
  ],
  ['users without a password', `UPDATE "user" SET password = ''`, /2 users have none/],
  ['no version that ever ran', 'DELETE FROM version_history', /versions that ran|version/],
  ['no admin', `UPDATE "user" SET "isAdmin" = false`, /no admin/],
  ['migrations that are locked', 'UPDATE kysely_migrations_lock SET is_locked = 1', /migrations are locked/],
  [
    'a media root that no container has',
    `UPDATE asset SET "originalPath" = replace("originalPath", '/data/', '/mnt/gone/'); UPDATE system_metadata SET value = '{"location": "/mnt/gone"}' WHERE key = 'MediaLocation'`,
    /\/mnt\/gone/,
  ],
];

/** What an earlier run that passed knows better, by table. */
export const TABLES: readonly (readonly [string, string])[] = [
  ['album', 'DELETE FROM album'],
  ['album_asset', 'DELETE FROM album_asset WHERE ctid IN (SELECT ctid FROM album_asset LIMIT 2)'],
  ['album_user', 'DELETE FROM album_user'],
  ['person', 'DELETE FROM person'],
  ['asset_face', 'DELETE FROM asset_face'],
  ['tag', 'DELETE FROM tag'],
  ['tag_asset', 'DELETE FROM tag_asset'],
  ['stack', 'DELETE FROM stack'],
  ['memory', 'DELETE FROM memory'],
  ['shared_link', 'DELETE FROM shared_link'],
  ['smart_search', 'DELETE FROM smart_search'],
  ['asset_file', `DELETE FROM asset_file WHERE type = 'thumbnail'`],
  ['asset_job_status', 'DELETE FROM asset_job_status'],
  ['system_metadata', `DELETE FROM system_metadata WHERE key = 'system-config'`],
  ['api_key', 'DELETE FROM api_key'],
  ['geodata_places', 'DELETE FROM geodata_places'],
  ['session', 'DELETE FROM session'],
  ['user', `DELETE FROM "user" WHERE NOT "isAdmin"`],
];
