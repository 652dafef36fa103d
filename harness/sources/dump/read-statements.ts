/** What the statements of a dump of SQL tell. */
export interface DumpStatements {
  /** The version of the server that it was made from, such as `17.11`; empty when it does not say. */
  readonly server: string;
  /** That of the pg_dump that made it. */
  readonly client: string;
  readonly extensions: string[];
  readonly roles: string[];
  /** It was made by pg_dumpall: roles and all databases. */
  readonly isCluster: boolean;
  /** In a dump of everything, the database with the most tables. */
  readonly database: string;
  readonly tables: number;
  readonly indexes: number;
  readonly foreignKeys: number;
}

const NAME = String.raw`("(?:[^"]|"")+"|[^\s;,]+)`;
const PATTERNS = {
  server: /^-- Dumped from database version (\S+)/,
  client: /^-- Dumped by pg_dump version (\S+)/,
  cluster: /^-- PostgreSQL database cluster dump/,
  extension: new RegExp(`^CREATE EXTENSION (?:IF NOT EXISTS )?${NAME}`),
  owner: new RegExp(`^ALTER .* OWNER TO ${NAME};`),
  grantee: new RegExp(`^GRANT .* TO ${NAME}`),
  connect: /^\\connect (?:-reuse-previous=on "dbname='([^']+)'"|"?([^"\s]+)"?)/,
  table: /^CREATE TABLE /,
  index: /^CREATE (UNIQUE )?INDEX /,
  foreignKey: /^ {4}ADD CONSTRAINT .* FOREIGN KEY /,
};

/** Reads the lines that `openSql` has picked out of a dump. */
export function readStatements(text: string): DumpStatements {
  const lines = text.split('\n');
  const all = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  const names = (pattern: RegExp) => [...new Set(all(pattern).map(unquoted))];
  return {
    server: all(PATTERNS.server)[0] ?? '',
    client: all(PATTERNS.client)[0] ?? '',
    extensions: names(PATTERNS.extension).filter((name) => name !== 'plpgsql'),
    roles: [...new Set([...names(PATTERNS.owner), ...names(PATTERNS.grantee)])].filter((name) => name !== 'PUBLIC'),
    isCluster: count(PATTERNS.cluster) > 0,
    database: fullestDatabase(lines),
    tables: count(PATTERNS.table),
    indexes: count(PATTERNS.index),
    foreignKeys: count(PATTERNS.foreignKey),
  };
}

function fullestDatabase(lines: readonly string[]): string {
  const tables = new Map<string, number>();
  let current = '';
  for (const line of lines) {
    const [, reused, named] = PATTERNS.connect.exec(line) ?? [];
    current = reused ?? named ?? current;
    if (PATTERNS.table.test(line)) tables.set(current, (tables.get(current) ?? 0) + 1);
  }
  return [...tables].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
