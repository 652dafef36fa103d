import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const TOP = ['bench', 'drills', 'examples', 'fixtures', 'harness', 'reports'];

const IMPORT = /(?:(?:import|export)\b[^;'()]*?\bfrom|import)\s*\(?\s*'(\.[^']+)'/g;

/** What the files of each folder may import beside its own, from the words to the commands; the longest prefix decides. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'harness/model': [],
  'harness/kinds': ['harness/model'],
  'harness/paths': ['harness/model', 'harness/kinds'],
  'harness/disasters': ['harness/model', 'harness/kinds'],
  'harness/checks': ['harness/model', 'harness/kinds'],
  'harness/workloads': ['harness/model', 'harness/kinds', 'harness/checks'],
  'harness/engine': ['harness/model', 'harness/kinds'],
  'harness/machine': ['harness/model'],
  'harness/substrates/local': ['harness/model', 'harness/kinds', 'harness/machine'],
  'harness/substrates/kubernetes/core': ['harness/model', 'harness/kinds', 'harness/machine'],
  'harness/substrates/kubernetes/kind': [
    'harness/model',
    'harness/kinds',
    'harness/machine',
    'harness/substrates/kubernetes/core',
  ],
  'harness/substrates/kubernetes/cluster': [
    'harness/model',
    'harness/kinds',
    'harness/machine',
    'harness/substrates/kubernetes/core',
  ],
  'harness/existing': [
    ...['harness/model', 'harness/kinds', 'harness/machine', 'harness/checks', 'harness/engine'],
    // The same clients and the same Postgres programs, called in the same way.
    'harness/paths/objects',
  ],
  // What a workload says of backups that exist: it uses the places and sources, which find it by its folder.
  'harness/workloads/*/existing': [
    ...['harness/model', 'harness/kinds', 'harness/machine', 'harness/checks', 'harness/workloads', 'harness/existing'],
  ],
  'harness/sabotage': ['harness/model', 'harness/kinds', 'harness/paths', 'harness/engine'],
  'harness/cli': ['harness', 'reports'],
  'harness/vitest': ['harness'],
  fixtures: ['harness/model', 'harness/kinds', 'harness/workloads'],
  // Some faults come only with another disaster.
  'fixtures/sabotage': ['harness/model', 'harness/kinds', 'harness/workloads', 'harness/disasters', 'fixtures'],
  drills: ['fixtures', 'harness/paths', 'harness/disasters', 'harness/checks', 'harness/model'],
  reports: ['harness/model'],
  bench: ['fixtures', 'harness', 'drills'],
  examples: ['harness/machine/tools'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  /** Only types: gone before anything runs. */
  readonly isType: boolean;
}

function imports(): Import[] {
  return TOP.flatMap((top) =>
    readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' }).map((file) => join(top, file)),
  )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('/testing/'))
    .flatMap((from) => {
      const found = [...readFileSync(join(ROOT, from), 'utf8').matchAll(IMPORT)];
      return found.map(([statement, to = '']) => ({
        from,
        to: relative(ROOT, join(ROOT, dirname(from), to)),
        isType: /^(?:import|export) type\b/.test(statement),
      }));
    });
}

function folderOf(file: string): string {
  const rules = Object.keys(MAY_IMPORT).filter((folder) => isIn(file, folder));
  return rules.sort((a, b) => b.length - a.length)[0] ?? '';
}

/** Whether a file lies in a folder, or is the file of that name; `*` stands for one folder of any name. */
function isIn(file: string, folder: string): boolean {
  return new RegExp(`^${folder.replaceAll('*', '[^/]+')}(/|\\.ts$)`).test(file);
}

function isAllowed({ from, to }: Omit<Import, 'isType'>): boolean {
  const own = folderOf(from);
  if (own === '') return false;
  const isBelow = (folder: string) => to === folder || to.startsWith(`${folder}/`);
  return folderOf(to) === own || isBelow(own) || (MAY_IMPORT[own] ?? []).some(isBelow);
}

/** The first circle, as all that is on it; empty when there is none. */
function circle(all: readonly Omit<Import, 'isType'>[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of all) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const to of next.get(file) ?? []) {
      const found = visit(to, [...way, file]);
      if (found.length > 0) return found;
    }
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const found = visit(file, []);
    if (found.length > 0) return found;
  }
  return [];
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/ .*$/gm, '$1');
}

describe('imports', () => {
  it('point one way', () => {
    expect(imports().filter((one) => !isAllowed(one))).toEqual([]);
  });

  it('make no circle', () => {
    expect(circle(imports().filter(({ isType }) => !isType))).toEqual([]);
    const rooms = imports().map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }));
    expect(circle(rooms.filter(({ from, to }) => from !== to))).toEqual([]);
  });

  it('have a rule for every folder', () => {
    const folders = ['harness', 'harness/substrates', 'harness/substrates/kubernetes'].flatMap((top) =>
      readdirSync(join(ROOT, top), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${top}/${name}`),
    );
    const rules = Object.keys(MAY_IMPORT);
    expect(folders.filter((folder) => !rules.some((rule) => `${rule}/`.startsWith(`${folder}/`)))).toEqual([]);
  });

  it('are really looked at', () => {
    expect(imports().length).toBeGreaterThan(1000);
    expect(isAllowed({ from: 'harness/model/a.ts', to: 'harness/engine/b.ts' })).toBe(false);
    expect(isAllowed({ from: 'harness/engine/a.ts', to: 'harness/existing/b.ts' })).toBe(false);
    expect(isAllowed({ from: 'harness/new/a.ts', to: 'harness/model/b.ts' })).toBe(false);
    expect(imports().filter(({ isType }) => !isType).length).toBeGreaterThan(500);
    expect(isAllowed({ from: 'drills/a.drill.ts', to: 'harness/paths/restic.ts' })).toBe(true);
    const round = ['a', 'b', 'c'].map((from, index) => ({ from, to: ['b', 'c', 'b'][index] ?? '' }));
    expect(circle(round)).toEqual(['b', 'c', 'b']);
  });

  it('are no other way to know a workload: its name is in its own folder, and elsewhere in comments at most', () => {
    const workloads = readdirSync(join(ROOT, 'harness/workloads'));
    const known = readdirSync(join(ROOT, 'harness'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const code = withoutComments(readFileSync(join(ROOT, 'harness', file), 'utf8'));
        return workloads
          .filter((name) => !file.startsWith(`workloads/${name}/`) && new RegExp(name, 'i').test(code))
          .map((name) => `${file} knows ${name}`);
      });
    expect(workloads.length).toBeGreaterThan(0);
    expect(known).toEqual([]);
    expect(withoutComments(`a('b'); // c\n/** d */ e`)).toBe(`a('b'); \n e`);
  });
});
