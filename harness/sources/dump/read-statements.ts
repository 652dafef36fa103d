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
  /** In a dump of everything, the database that was read. */
  readonly database: string;
  /** Those of that database. */
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

/** Reads the lines that `openSql` has picked out of a dump; of several databases, the one of that name or the fullest. */
export function readStatements(text: string, preferred = ''): DumpStatements {
  const lines = text.split('\n');
  const databases = tablesByDatabase(lines);
  const database = databases.has(preferred) ? preferred : fullest(databases);
  const own = linesOfDatabase(lines, database);
  const all = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  const names = (pattern: RegExp) => [...new Set(all(pattern).map(unquoted))];
  return {
    server: all(PATTERNS.server)[0] ?? '',
    client: all(PATTERNS.client)[0] ?? '',
    extensions: names(PATTERNS.extension).filter((name) => name !== 'plpgsql'),
    roles: [...new Set([...names(PATTERNS.owner), ...names(PATTERNS.grantee)])].filter((name) => name !== 'PUBLIC'),
    isCluster: count(PATTERNS.cluster) > 0,
    database,
    tables: own.filter((line) => PATTERNS.table.test(line)).length,
    indexes: own.filter((line) => PATTERNS.index.test(line)).length,
    foreignKeys: own.filter((line) => PATTERNS.foreignKey.test(line)).length,
  };
}

/** The lines from where a database is connected to on; all of them in a dump of one database. */
function linesOfDatabase(lines: readonly string[], database: string): string[] {
  let current = '';
  return lines.filter((line) => {
    current = connectedTo(line) ?? current;
    return current === database;
  });
}

function tablesByDatabase(lines: readonly string[]): Map<string, number> {
  const tables = new Map<string, number>();
  let current = '';
  for (const line of lines) {
    current = connectedTo(line) ?? current;
    if (PATTERNS.table.test(line)) tables.set(current, (tables.get(current) ?? 0) + 1);
  }
  return tables;
}

function fullest(databases: ReadonlyMap<string, number>): string {
  return [...databases].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

function connectedTo(line: string): string | undefined {
  const [, reused, named] = PATTERNS.connect.exec(line) ?? [];
  return reused ?? named;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
