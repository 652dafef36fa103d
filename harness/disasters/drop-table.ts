import type { Absence, Disaster, DisasterContext } from '../model/disaster.ts';
import { DrillError } from '../model/error.ts';
import type { Database } from '../model/target.ts';

export interface DropTableOptions {
  /** The database; `database` unless given. */
  readonly component?: string;
  /** The table's name as it is, without quotes; without one there is nothing to drop, and that is an error. */
  readonly table?: string;
}

/** Schemas that hold a table of the name, as the catalog has them now. */
const FIND_TABLE = `
  SELECT n.nspname AS schema
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname = $1 AND c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  ORDER BY 1`;

/** Drops one table with whatever depends on it: the slip of a person at the wrong prompt. */
export function dropTable({ component = 'database', table }: DropTableOptions = {}): Disaster {
  if (table === undefined) throw namesNoTable();
  return {
    name: 'drop-table',
    summary: `Table ${table} of ${component} is dropped with all that depends on it; all else stays.`,
    strikes: (components) => components.filter((one) => one === component),
    strike: (context) => drop(context, component, table),
    proveGone: (context) => lookForTable(context, component, table),
  };
}

async function drop({ world }: DisasterContext, component: string, table: string): Promise<string[]> {
  const database = world.database(component);
  const schemas = await schemasWith(database, table);
  if (schemas.length === 0) throw noSuchTable(database, table);
  for (const schema of schemas) await database.query(`DROP TABLE ${quoted(schema)}.${quoted(table)} CASCADE`);
  return schemas.map((schema) => `table ${schema}.${table}`);
}

async function lookForTable({ world }: DisasterContext, component: string, table: string): Promise<Absence[]> {
  const schemas = await schemasWith(world.database(component), table);
  const gone = schemas.length === 0;
  const found = gone ? 'The catalog has no such table.' : `The catalog still has it in schema ${schemas.join(', ')}.`;
  return [{ component, looked: `table ${table}`, gone, found }];
}

async function schemasWith(database: Database, table: string): Promise<string[]> {
  const found = await database.query<{ schema: string }>(FIND_TABLE, [table]);
  return found.map(({ schema }) => schema);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function namesNoTable(): DrillError {
  return new DrillError({
    code: 'disaster-names-no-table',
    where: 'disaster/drop-table',
    what: 'A table should be dropped, and neither the drill nor its workload says which.',
    next: 'give its name in the file of the drill: dropTable({ table: … }).',
    blame: 'usage',
  });
}

function noSuchTable(database: Database, table: string): DrillError {
  return new DrillError({
    code: 'disaster-no-table',
    where: 'disaster/drop-table',
    what: `Table ${table} of database ${database.name} should be dropped, but there is no such table.`,
    next: 'Give the name of a table that the workload has.',
    blame: 'usage',
  });
}
