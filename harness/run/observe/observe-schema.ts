import { compareBytes, type SchemaObject } from '../../model/manifest.ts';
import type { Database } from '../../model/target.ts';

const USER_SCHEMA = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

function notOfExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
}

const NAMED_TABLE = `CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname`;

/** One query a kind: name, definition and table; whatever an extension owns is left to its version. */
const QUERIES: Readonly<Record<SchemaObject['kind'], string>> = {
  extension: `SELECT e.extname AS name, 'version ' || e.extversion || ' in schema ' || n.nspname AS definition, NULL AS "table"
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`,
  type: `SELECT n.nspname || '.' || t.typname AS name,
      'enum ' || (SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder) FROM pg_enum v WHERE v.enumtypid = t.oid)
      AS definition, NULL AS "table"
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND ${USER_SCHEMA} AND ${notOfExtension('pg_type', 't.oid')}`,
  table: `SELECT ${NAMED_TABLE} AS name, 'kind ' || c.relkind::text || ' persistence ' || c.relpersistence::text ||
      coalesce(' as ' || pg_get_viewdef(CASE WHEN c.relkind IN ('v', 'm') THEN c.oid END), '') AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${USER_SCHEMA} AND ${notOfExtension('pg_class', 'c.oid')}`,
  column: `SELECT ${NAMED_TABLE} || '.' || a.attname AS name,
      format_type(a.atttypid, a.atttypmod) || coalesce((SELECT ' collate ' || o.collname FROM pg_collation o
        WHERE o.oid = a.attcollation AND o.collname <> 'default'), '') || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END ||
      coalesce(' default ' || pg_get_expr(ad.adbin, ad.adrelid), '') || ' identity ' || a.attidentity::text ||
      ' generated ' || a.attgenerated::text || ' storage ' || a.attstorage::text AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND ${USER_SCHEMA} AND ${notOfExtension('pg_class', 'c.oid')}`,
  index: `SELECT i.relname AS name, pg_get_indexdef(i.oid) || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END AS definition,
      ${NAMED_TABLE} AS "table"
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMA} AND ${notOfExtension('pg_class', 'c.oid')}`,
  constraint: `SELECT k.conname || ' on ' || ${NAMED_TABLE} AS name,
      pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALIDATED' END AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype <> 'n' AND ${USER_SCHEMA} AND ${notOfExtension('pg_class', 'c.oid')}`,
  trigger: `SELECT g.tgname || ' on ' || ${NAMED_TABLE} AS name,
      pg_get_triggerdef(g.oid) || ' enabled ' || g.tgenabled::text AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT g.tgisinternal AND ${USER_SCHEMA}`,
  function: `SELECT p.oid::regprocedure::text AS name, pg_get_functiondef(p.oid) AS definition, NULL AS "table"
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p') AND ${USER_SCHEMA} AND ${notOfExtension('pg_proc', 'p.oid')}`,
  sequence: `SELECT n.nspname || '.' || s.sequencename AS name, format('%s from %s by %s, last value %s', s.data_type, s.start_value,
      s.increment_by, coalesce(s.last_value::text, 'none')) AS definition, NULL AS "table"
    FROM pg_sequences s JOIN pg_namespace n ON n.nspname = s.schemaname WHERE ${USER_SCHEMA}`,
  // What belongs to the database itself, which most dumps leave out: how it sorts, and what it sets for every session.
  setting: `SELECT 'collation' AS name, pg_encoding_to_char(encoding) || ' collate ' || datcollate || ' ctype ' || datctype AS definition,
      NULL AS "table" FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT split_part(line, '=', 1), line, NULL FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS line
      WHERE s.setrole = 0 AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
};

/** Everything of the schema that a restore must bring back, by name and definition, sorted by id. */
export async function observeSchema(database: Database): Promise<SchemaObject[]> {
  const objects: SchemaObject[] = [];
  for (const [kind, query] of Object.entries(QUERIES) as [SchemaObject['kind'], string][]) {
    const rows = await database.query<{ name: string; definition: string | null; table: string | null }>(query);
    for (const { name, definition, table } of rows)
      objects.push({ id: `${kind} ${name}`, kind, definition: definition ?? '', ...(table !== null && { table }) });
  }
  return objects.sort((a, b) => compareBytes(a.id, b.id));
}
