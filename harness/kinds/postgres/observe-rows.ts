import type { TableKeys } from '../../model/kind.ts';
import { compareBytes, type RowDigest } from '../../model/manifest.ts';
import type { Database } from '../../model/target.ts';

const DIGEST_CHARS = 32;

interface Table {
  readonly schema: string;
  readonly name: string;
  /** All columns, by name and not by position: a migrated and a restored table may order them differently. */
  readonly columns: string[];
  readonly key: string[];
}

/** Every table of the database that no extension owns, with its columns sorted by name and its primary key in order. */
const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name,
    (SELECT array_agg(a.attname::text ORDER BY a.attname COLLATE "C") FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    coalesce((SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i
      CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      WHERE i.indrelid = c.oid AND i.indisprimary), '{}') AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')`;

/**
 * Large objects, which are rows of no table that anybody sees: `<loid>/<offset>` and a digest, a piece at a time, since
 * the whole of one may be too large for a value. One without a byte has a row, too.
 */
const LARGE_OBJECTS = 'pg_largeobject';
const PIECE_BYTES = 1024 * 1024;
const LARGE_OBJECTS_QUERY = `COPY (SELECT l.oid || '/' || piece,
    left(encode(sha256(lo_get(l.oid, piece, ${PIECE_BYTES})), 'hex'), ${DIGEST_CHARS})
  FROM pg_largeobject_metadata l
  LEFT JOIN LATERAL (SELECT max(p.pageno::bigint * (current_setting('block_size')::int / 4) + octet_length(p.data)) AS bytes
    FROM pg_largeobject p WHERE p.loid = l.oid) s ON true
  CROSS JOIN LATERAL generate_series(0, greatest(coalesce(s.bytes, 0) - 1, 0), ${PIECE_BYTES}) AS piece
  ORDER BY (l.oid || '/' || piece) COLLATE "C") TO STDOUT`;

/**
 * A digest of every row of every table and of every large object, sorted by table and key; the server computes them, nothing is held in memory.
 * `known` gets the keys of tables not yet in it, and names those of a table that has lost its key.
 */
export async function* observeRows(database: Database, known: TableKeys = new Map()): AsyncIterable<RowDigest> {
  const tables = await database.query<Table>(TABLES);
  const queries = tables.flatMap((table) =>
    table.columns ? [{ table: label(table), query: digestQuery(table, keyOf(table, known)) }] : [],
  );
  queries.push({ table: LARGE_OBJECTS, query: LARGE_OBJECTS_QUERY });
  queries.sort((a, b) => compareBytes(a.table, b.table));
  for (const { table, query } of queries) {
    for await (const [key, digest] of database.copyOut(query)) yield { table, key: key ?? '', digest: digest ?? '' };
  }
}

/** The key that the table had when it was first seen: rows are looked for by it, whatever became of the constraint. */
function keyOf(table: Table, known: TableKeys): readonly string[] {
  if (!known.has(label(table))) known.set(label(table), table.key);
  const first = known.get(label(table)) ?? [];
  return first.every((column) => table.columns.includes(column)) ? first : table.key;
}

function digestQuery(table: Table, columns: readonly string[]): string {
  const row = `ROW(${table.columns.map(quoted).join(', ')})::text`;
  const digest = `left(encode(sha256(convert_to(${row}, 'UTF8')), 'hex'), ${DIGEST_CHARS})`;
  const key = columns.length > 0 ? `concat_ws('/', ${columns.map(quoted).join(', ')})` : digest;
  const from = `FROM ${quoted(table.schema)}.${quoted(table.name)}`;
  return `COPY (SELECT ${key}, ${digest} ${from} ORDER BY (${key}) COLLATE "C") TO STDOUT`;
}

/** Tables of `public` go by their bare name, others with their schema. */
function label(table: Table): string {
  return table.schema === 'public' ? table.name : `${table.schema}.${table.name}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
