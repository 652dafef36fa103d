import { compareBytes, type SchemaObject } from '../../model/manifest.ts';
import type { Database } from '../../model/target.ts';
import { ACCESS_QUERIES } from './catalog/access.ts';
import { ROUTINE_QUERIES } from './catalog/routines.ts';
import { TABLE_QUERIES } from './catalog/tables.ts';
import { TYPE_QUERIES } from './catalog/types.ts';
import { DATABASE_QUERIES } from './catalog/whole-database.ts';

/** One query a kind: name, definition and table; whatever an extension owns is left to its version. */
const QUERIES: Readonly<Record<SchemaObject['kind'], string>> = {
  ...DATABASE_QUERIES,
  ...TYPE_QUERIES,
  ...TABLE_QUERIES,
  ...ROUTINE_QUERIES,
  ...ACCESS_QUERIES,
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
