import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Drill } from '../model/drill.ts';
import type { AnyBackupPath, InMatrix } from '../model/path.ts';
import type { ComponentKind } from '../model/target.ts';

/** One column of the matrix: a component, and one way of backing it up. */
export interface Column {
  readonly component: string;
  /** How people call the path: `restic`, `pg-dump plain`. */
  readonly label: string;
  readonly path: AnyBackupPath;
}

const FOLDER = join(import.meta.dirname, '../paths');

/** What the files of the paths say of themselves, in the order of the columns. */
const TRIED: readonly InMatrix[] = await whatPathsSay();

async function whatPathsSay(): Promise<InMatrix[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const modules = files
    .sort()
    .map(async (file) => (await import(pathToFileURL(join(FOLDER, file)).href)) as { inMatrix?: InMatrix });
  return (await Promise.all(modules)).flatMap(({ inMatrix }) => inMatrix ?? []).sort((a, b) => a.rank - b.rank);
}

/** Where the matrix runs, and which paths are asked for. */
export interface Wanted {
  readonly substrate: string;
  /** Labels of paths, or names that labels begin with; none for those that make sense there. */
  readonly paths: readonly string[];
}

/**
 * The columns of a drill: the first component of each kind by every way that there is, its own first; the others by their
 * own, since the ways are the same. Only what the disaster strikes is ever restored. In a cluster, where a run takes long,
 * ways that need none are left to this machine unless they are the drill's own or asked for.
 */
export function columnsOf(drill: Drill, wanted: Wanted): Column[] {
  const seen = new Set<ComponentKind>();
  const struck = drill.disaster.strikes(Object.keys(drill.paths));
  return drill.workload.components.flatMap(({ name, kind }) => {
    const own = drill.paths[name];
    if (!own || !struck.includes(name)) return [];
    const first = !seen.has(kind);
    seen.add(kind);
    const ways = [own, ...(first ? waysOf(kind) : siblingsOf(own))].filter((path) => makesSense(path, own, wanted));
    const labelled = new Map(ways.map((path) => [labelOf(path), path] as const).toReversed());
    return [...labelled].toReversed().map(([label, path]) => ({ component: name, label, path }));
  });
}

function makesSense(path: AnyBackupPath, own: AnyBackupPath, { substrate, paths }: Wanted): boolean {
  const needsCluster = path.needs !== undefined;
  if (substrate === 'local') return !needsCluster;
  return path === own || needsCluster || (paths.length > 0 && isOnPath(labelOf(path), paths));
}

/** Whether a path is asked for: by its whole label, or by what labels begin with. */
export function isOnPath(label: string, paths: readonly string[]): boolean {
  return paths.length === 0 || paths.some((path) => label === path || label.startsWith(`${path} `));
}

/** Every way that we have of backing up a large volume, a database, a cache, a namespace. */
function waysOf(kind: ComponentKind): AnyBackupPath[] {
  return TRIED.flatMap(({ forFirst = [] }) => forFirst).filter(({ protects }) => protects === kind);
}

/** What seals with one cipher is drilled with the other, too. */
function siblingsOf({ name }: AnyBackupPath): readonly AnyBackupPath[] {
  return TRIED.flatMap(({ forOwn = [] }) => forOwn).filter((path) => path.name === name);
}

/** The name of a path, with what makes it another one of that name. */
export function labelOf({ name, variant }: AnyBackupPath): string {
  return variant === undefined ? name : `${name} ${variant}`;
}
