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
import { AGED, quietly, ROWS, SCHEMA, TABLES } from './further-statements.ts';

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
    breaks: ({ dump }) =>
      writeFileSync(dump, Buffer.concat([Buffer.from([0x85, 0x02, 0x0c, 0x03]), Buffer.alloc(4_000, 7)])),
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
  ...ROWS.map(([name, sql, says]) => ({ name, sql: sql.split('; '), says })),
  ...TABLES.map(([table, sql]) => ({
    name: `after a run with all of it, ${table} without its rows`,
    sql: [sql],
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
