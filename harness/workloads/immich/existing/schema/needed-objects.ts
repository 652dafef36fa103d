import type { SchemaObject } from '../../../../model/manifest.ts';

/** What of a schema Immich itself has made, and so needs: the id of an object, and what it is defined as. */
export type NeededObjects = Readonly<Record<string, string>>;

const KINDS = new Set<SchemaObject['kind']>(['table', 'column', 'index', 'constraint', 'trigger', 'function', 'type']);
/** Immich makes these anew when it reads its own geographic data, under names that differ from time to time. */
const MADE_ANEW = new Set(['geodata_places', 'naturalearth_countries']);
/** What embeddings are kept in and found by differs with the extension, and is made again. */
const OF_VECTORS = /^(index (clip_index|face_index|vchord_.*)$|column \w+\.embedding$)/;

/** What Immich has made of an object, in the form that is kept and compared; undefined for what is not compared. */
export function needed({ id, kind, definition, table }: SchemaObject): string | undefined {
  if (!KINDS.has(kind) || OF_VECTORS.test(id)) return undefined;
  if (kind !== 'table' && kind !== 'column' && table !== undefined && MADE_ANEW.has(table)) return undefined;
  if (kind === 'function') return headOf(definition);
  // Where a value is stored, and whether a table is logged, changes nothing of what Immich finds in it.
  return definition.replace(/ storage .$/, '').replace(/ persistence .( not populated)?/, '');
}

/** What is called how; its body is compared with what the database itself has recorded of it. */
function headOf(definition: string): string {
  const [head = ''] = definition.split(/\n\s*(?:AS \$|RETURN |BEGIN ATOMIC)/);
  return head.replace(/"/g, '').replace(/\s+/g, ' ').toLowerCase().trim();
}
