import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** A backup of a real library as it lies in two folders, to be broken. */
export interface Backup {
  readonly media: string;
  readonly dumps: string;
  readonly dump: string;
}

/** What a broken backup must be found out by: a check, or the restore itself, and what must be named. */
export interface Fault {
  readonly name: string;
  /** SQL that is run before the dump is made. */
  readonly sql?: readonly string[];
  breaks?(backup: Backup, victim: Victim): void | Promise<void>;
  readonly config?: object;
  /** Checks that fail; `restore` when it is the restore that does. */
  readonly caughtBy: readonly string[];
  names(victim: Victim): readonly RegExp[];
}

/** The asset that is harmed. */
export interface Victim {
  readonly id: string;
  readonly path: string;
}

/** Ways in which backups in two folders are broken, each with what must find it. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'a dump whose bytes were damaged',
    breaks: ({ dump }) => {
      const bytes = readFileSync(dump);
      bytes.fill(0xa5, bytes.length >> 1, (bytes.length >> 1) + 64);
      writeFileSync(dump, bytes);
    },
    caughtBy: ['restore'],
    names: () => [/gzip/],
  },
  {
    name: 'a dump that was cut before its keys and packed again',
    breaks: ({ dump }) =>
      editDump(dump, (sql) => sql.slice(0, sql.indexOf('ADD CONSTRAINT')).replace(/\n[^\n]*\n[^\n]*$/, '\n')),
    caughtBy: ['dump of database', 'relations of database', 'schema of database'],
    names: () => [/dump ends before it: it was cut/, /constraint activity_albumId_fkey on activity/],
  },
  {
    name: 'one row that was garbled',
    breaks: ({ dump }) =>
      editDump(dump, (sql) => sql.replace(/(COPY public\.asset_exif .*\n)/, '$1garbled\tby\ta\tbad\tdisk\n')),
    caughtBy: ['restore'],
    names: () => [/asset_exif/],
  },
  {
    name: 'a faithful dump of an emptied database',
    sql: ['TRUNCATE "user", asset CASCADE'],
    caughtBy: ['minimums of database', 'files-to-rows of library', 'ready of all'],
    names: () => [/users: expected at least 1, found 0/, /library\/.*: expected a row that speaks of it/],
  },
  {
    name: 'a dump without some of its assets, keys and all in order',
    sql: [`DELETE FROM asset WHERE id = 'VICTIM'`],
    caughtBy: ['files-to-rows of library', 'relations of database'],
    names: (victim) => [new RegExp(escaped(victim.path))],
  },
  {
    name: 'an original that somebody has removed',
    breaks: ({ media }, { path }) => rmSync(join(media, path)),
    caughtBy: ['originals of library'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*found missing`)],
  },
  {
    name: 'an original with other bytes of the same size and time',
    breaks: ({ media }, { path }) => {
      const file = join(media, path);
      const bytes = readFileSync(file);
      bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1;
      writeFileSync(file, bytes);
      utimesSync(file, new Date('2022-01-01'), new Date('2022-01-01'));
    },
    caughtBy: ['originals of library'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*SHA-1`)],
  },
  {
    name: 'folders that were left out, with their markers',
    breaks: ({ media }) => {
      for (const folder of ['thumbs', 'encoded-video']) rmSync(join(media, folder), { recursive: true });
    },
    caughtBy: ['markers of library', 'ready of all'],
    names: () => [/thumbs\/\.immich: expected a file, found missing/],
  },
  {
    name: 'paths that were moved to another root by halves',
    sql: [
      `UPDATE asset SET "originalPath" = replace("originalPath", '/data/', '/usr/src/app/upload/') WHERE id = 'VICTIM'`,
    ],
    caughtBy: ['media-root of database'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*expected a path below /data`)],
  },
  {
    name: 'paths that lead out of every root',
    sql: [`UPDATE asset SET "originalPath" = replace("originalPath", '/data/', '/mnt/old/') WHERE id = 'VICTIM'`],
    caughtBy: ['media-root of database', 'originals of library', 'files-to-rows of library'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*below none that is known`)],
  },
  {
    name: 'files that were backed up before the database, not after it',
    sql: [`UPDATE asset SET "createdAt" = now() + interval '1 day' WHERE id = 'VICTIM'`],
    breaks: ({ media }, { path }) => rmSync(join(media, path)),
    caughtBy: ['originals of library'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*uploaded .* after the files were backed up`)],
  },
  {
    name: 'a migration that never ran',
    sql: [`DELETE FROM kysely_migrations WHERE name = '1752759108283-ConvertToAbsolutePaths'`],
    caughtBy: ['version of database'],
    names: () => [/migration 1752759108283-ConvertToAbsolutePaths/],
  },
  {
    name: 'a preview that is no image any more',
    breaks: ({ media }) => {
      const previews = readdirSync(join(media, 'thumbs'), { recursive: true, encoding: 'utf8' });
      for (const preview of previews.filter((path) => path.endsWith('_preview.jpeg')))
        truncateSync(join(media, 'thumbs', preview), 900);
    },
    config: { images: 1_000 },
    caughtBy: ['images of library'],
    names: () => [/_preview\.jpeg: expected an image that can be decoded/],
  },
  {
    name: 'a backup that stopped long ago',
    breaks: ({ dump }) => utimesSync(dump, new Date('2026-11-01'), new Date('2026-11-01')),
    config: { objectives: { components: { database: { rpo: '1s' } } } },
    caughtBy: ['objectives of all'],
    names: () => [/RPO of database/],
  },
  {
    name: 'a folder that is not mounted',
    breaks: ({ media }) => {
      rmSync(media, { recursive: true });
      mkdirSync(media);
    },
    caughtBy: ['restore'],
    names: () => [/no library is in it/],
  },
];

/** Changes the SQL of a dump that gzip has packed. */
export function editDump(dump: string, edit: (sql: string) => string): void {
  const before = gunzipSync(readFileSync(dump)).toString('utf8');
  const after = edit(before);
  if (after === before) throw new Error('the dump was not changed');
  writeFileSync(dump, gzipSync(after));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
