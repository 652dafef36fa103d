/** What the system keeps for itself, and what belongs to a session, is nobody's schema. */
export const USER_SCHEMA = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

/** What an extension brings is left to its version. */
export function notOfExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
}

/** A name that no other object has: bare in `public`, else with its schema; a dot inside a name is no dot between two. */
export function named(name: string, schema = 'n.nspname'): string {
  const escaped = [schema, name].map((part) => `replace(${part}, '.', '\\.')`);
  return `CASE ${schema} WHEN 'public' THEN '' ELSE ${escaped[0]} || '.' END || ${escaped[1]}`;
}

/** The table that something is on, for queries that join it as `c` and its schema as `n`. */
export const NAMED_TABLE = `(${named('c.relname')})`;
