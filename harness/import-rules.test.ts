import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const TOP = ['drills', 'fixtures', 'harness', 'reports'];

/** What each folder may import beside itself; the longest prefix decides. Substrates start services and tools. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  drills: ['fixtures', 'harness/paths', 'harness/disasters', 'harness/checks', 'harness/model'],
  fixtures: ['harness/model', 'harness/checks'],
  // Some faults come only with another disaster.
  'fixtures/sabotage': ['fixtures', 'harness/model', 'harness/disasters'],
  'harness/model': [],
  'harness/machine': ['harness/model', 'harness/tools'],
  'harness/checks': ['harness/model'],
  'harness/disasters': ['harness/model'],
  'harness/paths': ['harness/model'],
  'harness/run': ['harness/model'],
  // The same clients and the same Postgres programs, called in the same way.
  'harness/sources': ['harness/model', 'harness/paths/objects'],
  'harness/sabotage': ['harness/model', 'harness/paths', 'harness/run'],
  'harness/services': ['harness/model'],
  'harness/tools': ['harness/model'],
  'harness/substrates': ['harness/model', 'harness/machine', 'harness/services', 'harness/tools'],
  'harness/cli': ['drills', 'fixtures', 'harness', 'reports'],
  'harness/vitest': ['harness'],
  reports: ['harness/model'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function imports(): Import[] {
  return TOP.flatMap((top) =>
    readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' }).map((file) => join(top, file)),
  )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('/testing/'))
    .flatMap((from) => {
      const specifiers = [...readFileSync(join(ROOT, from), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)];
      return specifiers.map(([, to = '']) => ({ from, to: relative(ROOT, join(ROOT, dirname(from), to)) }));
    });
}

function folderOf(file: string): string {
  const rules = Object.keys(MAY_IMPORT).filter((folder) => file.startsWith(`${folder}/`));
  return rules.sort((a, b) => b.length - a.length)[0] ?? '';
}

function isAllowed({ from, to }: Import): boolean {
  const own = folderOf(from);
  return to.startsWith(`${own}/`) || (MAY_IMPORT[own] ?? []).some((folder) => to.startsWith(`${folder}/`));
}

describe('imports', () => {
  it('point one way', () => {
    expect(imports().filter((one) => !isAllowed(one))).toEqual([]);
  });

  it('are really looked at', () => {
    expect(imports().length).toBeGreaterThan(100);
    expect(isAllowed({ from: 'harness/model/a.ts', to: 'harness/run/b.ts' })).toBe(false);
    expect(isAllowed({ from: 'harness/paths/a.ts', to: 'harness/services/b.ts' })).toBe(false);
    expect(isAllowed({ from: 'drills/a.drill.ts', to: 'harness/paths/restic.ts' })).toBe(true);
  });
});
