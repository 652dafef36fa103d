import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Backup, editDump, type Victim } from './faults.ts';

/** A further way to break a backup: what fails, and what is named; against history where it takes an earlier run to see it. */
export interface FurtherFault {
  readonly name: string;
  readonly sql?: readonly string[];
  breaks?(backup: Backup, victim: Victim): void | Promise<void>;
  readonly config?: object;
  /** Compared with the counts of a run that passed with all of it. */
  readonly afterPass?: boolean;
  readonly verdict?: 'fail' | 'unknown';
  /** What of all that is said must be among it. */
  readonly says: RegExp;
}

const QUIETLY = 'SET session_replication_role = replica';
const quietly = (...sql: string[]) => [QUIETLY, ...sql];

/** All that a living Immich writes to, as it was four months ago. */
const AGED = [
  `UPDATE version_history SET "createdAt" = now() - interval '4 months'`,
  ...['memory', 'session', 'notification'].map((table) => `DELETE FROM ${table}`),
  ...['asset', 'album', '"user"'].map((table) => `UPDATE ${table} SET "updatedAt" = now() - interval '4 months'`),
];

const SCHEMA: readonly (readonly [string, string, RegExp])[] = [
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
  ['a function that is missing', 'DROP FUNCTION album_delete_audit() CASCADE', /function album_delete_audit/],
  [
    'a migration of a version to come',
    `INSERT INTO kysely_migrations VALUES ('1999999999999-Tomorrow', now()::text)`,
    /migration 1999999999999-Tomorrow/,
  ],
  ['migrations that were never recorded', 'DELETE FROM kysely_migrations', /no migration is recorded/],
];

const ROWS: readonly (readonly [string, string, RegExp])[] = [
  ['a checksum that is empty', `UPDATE asset SET checksum = '' WHERE id = 'VICTIM'`, /checksum of 20 bytes.*VICTIM/],
  ['checksums that are cut', 'UPDATE asset SET checksum = substr(checksum, 1, 10)', /checksum of 20 bytes/],
  ['exif of one asset gone', `DELETE FROM asset_exif WHERE "assetId" = 'VICTIM'`, /row of exif.*VICTIM/],
  ['all exif gone', 'TRUNCATE asset_exif', /row of exif/],
  ['all links of albums gone', 'DELETE FROM album_asset', /album with a cover has assets/],
  ['a stack whose first asset is in none', 'UPDATE asset SET "stackId" = NULL', /stack has its first asset/],
  ['a person whose face is gone', 'DELETE FROM asset_face', /person with a face/],
  ['tags that are in no tree', 'DELETE FROM tag_closure', /tag is in the tree/],
  [
    'a live photo whose video is an image',
    `UPDATE asset SET type = 'IMAGE' WHERE id IN (SELECT "livePhotoVideoId" FROM asset)`,
    /live photo has its video/,
  ],
  ['assets of a user who is gone', `DELETE FROM "user" WHERE NOT "isAdmin"`, /owner who is there/],
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
const TABLES: readonly (readonly [string, string])[] = [
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

const FILES: readonly FurtherFault[] = [
  {
    name: 'profile images that are garbage',
    breaks: ({ media }) => overwrite(media, 'profile', /\.(jpe?g|webp|png)$/),
    says: /profile\/.*can be decoded/,
  },
  {
    name: 'thumbnails of other photos',
    breaks: ({ media }) => rotate(media, /_preview\.jpeg$/),
    says: /another picture than asset/,
  },
  {
    name: 'thumbnails that are all the same',
    breaks: ({ media }) => allTheSame(media, /_thumbnail\.webp$/),
    says: /another picture than asset/,
  },
  {
    name: 'sidecars that are no XML',
    breaks: ({ media }) => overwrite(media, '', /^(upload|library)\/.*\.xmp$/),
    says: /\.xmp: expected a sidecar in XML/,
  },
  {
    name: 'sidecars that are empty',
    breaks: ({ media }) => each(media, /\.xmp$/, (file) => truncateSync(file)),
    says: /\.xmp/,
  },
  {
    name: 'an original that was moved',
    breaks: ({ media }, { path }) => {
      mkdirSync(join(media, 'library/elsewhere'));
      renameSync(join(media, path), join(media, 'library/elsewhere/photo.jpg'));
    },
    says: /missing; the same bytes lie at library\/elsewhere\/photo\.jpg/,
  },
  {
    name: 'two originals that were swapped',
    breaks: ({ media }, { path }) => {
      const other = filesOf(media).find((one) => /^upload\/.*\.(jpe?g|webp|png)$/.test(one)) ?? '';
      renameSync(join(media, path), join(media, 'swap'));
      renameSync(join(media, other), join(media, path));
      renameSync(join(media, 'swap'), join(media, other));
    },
    says: /asset VICTIM.*SHA-1/,
  },
  {
    name: 'an original that is empty',
    breaks: ({ media }, { path }) => truncateSync(join(media, path)),
    says: /asset VICTIM.*file of 0 bytes/,
  },
  {
    name: 'an original with one byte more',
    breaks: ({ media }, { path }) => appendFileSync(join(media, path), 'x'),
    says: /asset VICTIM/,
  },
  {
    name: 'an original that is a folder',
    breaks: ({ media }, { path }) => {
      rmSync(join(media, path));
      mkdirSync(join(media, path));
    },
    says: /asset VICTIM.*a directory/,
  },
  {
    name: 'a marker that is empty',
    breaks: ({ media }) => truncateSync(join(media, 'upload/.immich')),
    says: /upload\/\.immich/,
  },
  {
    name: 'the folder of all uploads gone',
    breaks: ({ media }) => rmSync(join(media, 'upload'), { recursive: true }),
    says: /upload\/.*missing/,
  },
  {
    name: 'profile images gone',
    breaks: ({ media }) => each(media, /^profile\/.*\.(jpe?g|webp|png)$/, (file) => rmSync(file)),
    says: /profile image.*missing/,
  },
];

const DUMPS: readonly FurtherFault[] = [
  {
    name: 'a dump of nothing, the newest of two',
    breaks: ({ dump }) => {
      cpSync(dump, dump.replace('20261121', '20261120'));
      truncateSync(dump);
    },
    says: /is 0 bytes, the newest of 2; the one before is /,
  },
  {
    name: 'a sum beside the dump that is another',
    breaks: ({ dump }) =>
      writeFileSync(`${dump}.sha256`, `${'0'.repeat(64)}  ${dump.slice(dump.lastIndexOf('/') + 1)}\n`),
    says: /SHA-256/,
  },
  {
    name: 'rows of a table that an earlier dump had',
    breaks: (backup) => {
      earlier(backup);
      emptyTable(backup.dump, 'album_asset');
    },
    says: /rows of album_asset: expected about 8 in the dump /,
  },
  {
    name: 'a dump of months ago whose file is of today',
    sql: quietly(...AGED),
    breaks: ({ dump }) => utimesSync(dump, new Date(), new Date()),
    says: /youngest row/,
  },
  {
    name: 'a dump that is encrypted',
    verdict: 'unknown',
    breaks: ({ dump }) => writeFileSync(dump, Buffer.concat([Buffer.from([0x85, 0x02, 0x0c]), Buffer.alloc(4_000, 7)])),
    says: /GnuPG|encrypted/,
  },
  {
    name: 'a dump in UTF-16',
    breaks: ({ dump }) => writeFileSync(dump, Buffer.from('\ufeff-- PostgreSQL database dump\n', 'utf16le')),
    says: /UTF-16/,
  },
  {
    name: 'a dump whose table was emptied by hand',
    breaks: ({ dump }) => emptyTable(dump, 'asset_exif'),
    says: /row of exif/,
  },
  {
    name: 'a dump without one of its indexes',
    breaks: ({ dump }) => editDump(dump, (sql) => sql.replace(/CREATE INDEX "asset_file_assetId_idx"[^;]*;/, '')),
    says: /index asset_file_assetId_idx/,
  },
  {
    name: 'a dump without one of its triggers',
    breaks: ({ dump }) => editDump(dump, (sql) => sql.replace(/CREATE TRIGGER "asset_updatedAt"[^;]*;/, '')),
    says: /trigger asset_updatedAt on asset/,
  },
];

/** More than sixty ways to break a backup of a real library; VICTIM in words and statements is the id of an asset. */
export const FURTHER_FAULTS: readonly FurtherFault[] = [
  ...SCHEMA.map(([name, sql, says]) => ({ name, sql: [sql], says })),
  ...ROWS.map(([name, sql, says]) => ({ name, sql: quietly(...sql.split('; ')), says })),
  ...TABLES.map(([table, sql]) => ({
    name: `after a run with all of it, ${table} without its rows`,
    sql: quietly(sql),
    afterPass: true,
    says: new RegExp(`rows of ${table}\\b`),
  })),
  ...FILES,
  ...DUMPS,
];

function filesOf(media: string): string[] {
  return readdirSync(media, { recursive: true, encoding: 'utf8' }).toSorted();
}

function each(media: string, pattern: RegExp, change: (file: string) => void): void {
  const files = filesOf(media).filter((path) => pattern.test(path));
  if (files.length === 0) throw new Error(`nothing fits ${pattern}`);
  for (const path of files) change(join(media, path));
}

function overwrite(media: string, folder: string, pattern: RegExp): void {
  const below = new RegExp(`^${folder}`);
  const files = filesOf(media).filter((path) => below.test(path) && pattern.test(path));
  if (files.length === 0) throw new Error(`nothing fits ${pattern}`);
  for (const path of files)
    writeFileSync(join(media, path), Buffer.alloc(readFileSync(join(media, path)).length, 'garbage '));
}

/** Every file comes to have the bytes of the next one. */
function rotate(media: string, pattern: RegExp): void {
  const files = filesOf(media).filter((path) => pattern.test(path));
  const bytes = files.map((path) => readFileSync(join(media, path)));
  for (const [at, path] of files.entries()) writeFileSync(join(media, path), bytes[(at + 7) % bytes.length] ?? '');
}

function allTheSame(media: string, pattern: RegExp): void {
  const files = filesOf(media).filter((path) => pattern.test(path));
  const first = readFileSync(join(media, files[0] ?? ''));
  for (const path of files) writeFileSync(join(media, path), first);
}

/** A dump of the night before, with all of it. */
function earlier({ dump }: Backup): void {
  cpSync(dump, dump.replace('20261121', '20261120'));
}

/** Takes the rows of a table out of a dump, and leaves its statement. */
function emptyTable(dump: string, table: string): void {
  editDump(dump, (sql) =>
    sql.replace(new RegExp(`(COPY public\\.${table} \\([^\\n]*\\n)[\\s\\S]*?(\\n?\\\\\\.\\n)`), '$1\\.\n'),
  );
}
