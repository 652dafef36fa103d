import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEntry } from '../../model/workload.ts';

/** What makes two entries the same, by list: what a path need not keep is left out. */
const SAME: Readonly<Record<string, (item: Readonly<Record<string, unknown>>) => readonly [string, string]>> = {
  files: ({ path, type, sha256, target }) => [
    type === 'directory' ? '' : String(path),
    `${type} ${sha256} ${target ?? ''}`,
  ],
  rows: ({ table, key, digest }) => [`${table}/${key}`, String(digest)],
  schema: ({ id, definition }) => [String(id), String(definition)],
  keys: ({ key, type, digest }) => [String(key), `${type} ${digest}`],
};

/**
 * What differs between a component as it was recorded before its backup and as it was restored, read from the evidence
 * without any of the checks: the proof that a fault has hurt nothing. Users' writes since the recording are passed over.
 */
export function differences(runFolder: string, component: string): string[] {
  const marks = new Set(
    readLines<LedgerEntry>(join(runFolder, 'ledger.jsonl')).flatMap(({ marks }) => marks.map(({ key }) => key)),
  );
  let lists = 0;
  const found = Object.entries(SAME).flatMap(([kind, same]) => {
    const [before, after] = ['before', 'after'].map((moment) =>
      join(runFolder, 'evidence', moment, component, `${kind}.ndjson`),
    );
    if (!before || !after || !existsSync(before)) return [];
    lists += 1;
    if (!existsSync(after)) return [`${kind}: not observed after the restore`];
    return compare(mapOf(before, same), mapOf(after, same), marks).map((name) => `${kind}: ${name}`);
  });
  return lists === 0 ? ['nothing was recorded before the backup'] : found;
}

function compare(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  marks: ReadonlySet<string>,
): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => !marks.has(name) && before.get(name) !== after.get(name));
}

/** Several entries of one name, such as rows without a key, are one entry of all of them. */
function mapOf(
  file: string,
  same: (item: Readonly<Record<string, unknown>>) => readonly [string, string],
): Map<string, string> {
  const map = new Map<string, string>();
  for (const item of readLines<Readonly<Record<string, unknown>>>(file)) {
    const [name, value] = same(item);
    if (name !== '') map.set(name, `${map.get(name) ?? ''}\n${value}`);
  }
  return map;
}

function readLines<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}
