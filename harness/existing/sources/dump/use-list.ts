/** What pg_restore is told to leave out of an archive; the rest of the ownership it leaves out by itself. */
const LEFT_OUT: readonly (readonly [string, RegExp])[] = [
  ['extensions', /^(?:EXTENSION|COMMENT) (?:- EXTENSION )?/],
  ['event triggers', /^EVENT TRIGGER /],
  ['publications and subscriptions', /^(?:PUBLICATION|SUBSCRIPTION)\b/],
  ['security labels', /^SECURITY LABEL /],
  ['databases', /^DATABASE\b/],
  ['schemas made before', /^SCHEMA - /],
];
const ENTRY = /^(\d+); \d+ \d+ (.*)$/;

/** The entries of an archive to restore, as pg_restore reads them, and how many of each kind are left out. */
export interface UseList {
  readonly text: string;
  readonly leftOut: string;
}

/** Chooses from what `pg_restore --list` has written: only numbers go back, no name of the archive does. */
export function useListOf(listed: string, schemas: ReadonlySet<string>): UseList {
  const kept: string[] = [];
  const leftOut = new Map<string, number>();
  for (const line of listed.split('\n')) {
    const [, id, entry = ''] = ENTRY.exec(line) ?? [];
    if (id === undefined) continue;
    const kind = kindOf(entry, schemas);
    if (kind) leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1);
    else kept.push(`${id};\n`);
  }
  return { text: kept.join(''), leftOut: [...leftOut].map(([kind, count]) => `${count} of ${kind}`).join(', ') };
}

function kindOf(entry: string, schemas: ReadonlySet<string>): string | undefined {
  const [kind] = LEFT_OUT.find(([, pattern]) => pattern.test(entry)) ?? [];
  if (kind === 'extensions' && entry.startsWith('COMMENT') && !entry.startsWith('COMMENT - EXTENSION '))
    return undefined;
  if (kind !== 'schemas made before') return kind;
  const named = entry.slice('SCHEMA - '.length);
  return [...schemas].some((schema) => named.startsWith(`${schema} `)) ? kind : undefined;
}
