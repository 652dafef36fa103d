import type { FileEntry } from '../../../model/manifest.ts';
import type { Database } from '../../../model/target.ts';
import { MEDIA_FOLDERS } from '../layout.ts';
import type { Shape } from './shape.ts';

/** More tables than any Immich has, with those of its owner: what is beyond is not counted. */
const MOST_TABLES = 300;
const ROWS = 'rows of ';
const FILES = 'files in ';

/** The number that counts the rows of a table. */
export function rowsOf(table: string): string {
  return `${ROWS}${table}`;
}

/** The table whose rows a number counts; undefined when it counts something else. */
export function tableOf(number: string): string | undefined {
  return number.startsWith(ROWS) && !number.includes(',') ? number.slice(ROWS.length) : undefined;
}

/** How many rows every table has, and how many files of each type the rows speak of, by the name of the number. */
export async function countRows(database: Database, shape: Shape): Promise<Record<string, number>> {
  const tables = await database.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_depend d
       WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relname COLLATE "C" LIMIT ${MOST_TABLES}`,
  );
  const queries = tables.map(
    ({ name }) => `SELECT ${literal(rowsOf(name))} AS what, count(*)::float8 AS count FROM public.${identifier(name)}`,
  );
  const types = `SELECT ${literal(rowsOf('asset_file'))} || ', ' || type AS what, count(*)::float8 AS count FROM ${shape.table('file')} GROUP BY type`;
  const rows = await database.query<{ what: string; count: number }>([...queries, types].join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
}

/** How many files each folder of the media root has, markers left out. */
export async function countFiles(files: AsyncIterable<FileEntry>): Promise<Record<string, number>> {
  const counts = Object.fromEntries(MEDIA_FOLDERS.map((folder) => [`${FILES}${folder}`, 0]));
  for await (const { path, type } of files) {
    const name = `${FILES}${path.slice(0, Math.max(0, path.indexOf('/')))}`;
    if (type === 'file' && !path.endsWith('/.immich') && counts[name] !== undefined) counts[name] += 1;
  }
  return counts;
}

/** A name of a table as SQL takes it; it comes out of a backup. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
