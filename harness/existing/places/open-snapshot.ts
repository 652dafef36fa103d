import type { Step } from '../../model/job.ts';
import type { Snapshot } from './choose-snapshot.ts';
import { linesFrom, type OpenPlace, type PlaceContext, type PlacedFile, pathsNamed } from './place.ts';
import { type Reached, resticCall } from './restic-repository.ts';

/** A snapshot of a repository as a place. */
export function openSnapshot(context: PlaceContext, options: Reached, snapshot: Snapshot): OpenPlace {
  const { cache } = context;
  const volumes = [...options.volumes, ...(cache ? [{ volume: cache }] : [])];
  const env = { ...options.env, ...(cache && { RESTIC_CACHE_DIR: cache.path }) };
  const restic = (args: string[]): Step => ({ ...resticCall({ ...options, env }, args), phase: 'fetch' });
  const path = (below: string) => `/${below.replace(/^\/+/, '')}`;
  // A look whether it is the right one need not be repeated.
  const seen = new Map<string, Promise<unknown>>();
  const once = <Found>(what: string, look: () => Promise<Found>) => {
    const known = (seen.get(what) as Promise<Found> | undefined) ?? look();
    seen.set(what, known);
    return known;
  };
  const files = async function* (below: string, how: readonly string[]): AsyncGenerator<PlacedFile> {
    const args = ['ls', '--json', ...how, snapshot.id, path(below)];
    for await (const line of linesFrom(context, 'list', restic(args), volumes)) yield* parseNode(line, below);
  };
  return {
    id: snapshot.id,
    madeAt: new Date(snapshot.time).toISOString(),
    volumes,
    files: (below) => files(below, ['--recursive']),
    filesIn: (folder) => once(`beside ${folder}`, () => Array.fromAsync(files(folder, []))),
    list: (below) => once(`list ${below}`, () => Array.fromAsync(files(below, ['--recursive']))),
    lastWritten: async () => '',
    foldersNamed: (names) =>
      once(`folders ${names.join('/')}`, () => pathsNamed(context, restic(['ls', snapshot.id]), volumes, names)),
    fetchFolder: (folder, into) => [restic(['restore', `${snapshot.id}:${path(folder)}`, '--target', into])],
    listOf: (names) => `${names.map(literalPattern).join('\n')}\n`,
    takesFolders: true,
    fetchSome: (folder, list, into) => [
      restic(['restore', `${snapshot.id}:${path(folder)}`, '--target', into, '--include-file', list]),
    ],
    fetchFile: (file, into) => [{ ...restic(['dump', snapshot.id, path(file)]), stdout: into }],
  };
}

/** A name is a pattern to restic, in which variables are replaced first: what has a meaning is escaped. */
function literalPattern(name: string): string {
  return `/${name.replace(/[\\*?[\]]/g, '\\$&').replaceAll('$', '$$$$')}`;
}

function parseNode(line: string, below: string): PlacedFile[] {
  // There may be as many folders as files; they are not looked at any closer.
  if (!line.includes('"type":"file"')) return [];
  const node = JSON.parse(line) as { type?: string; path?: string; size?: number; mtime?: string };
  if (node.type !== 'file' || !node.path) return [];
  const prefix = `/${below.replace(/^\/+|\/+$/g, '')}/`.replace('//', '/');
  const path = node.path.startsWith(prefix) ? node.path.slice(prefix.length) : node.path.slice(1);
  return [{ path, sizeBytes: node.size ?? 0, modifiedAt: new Date(node.mtime ?? 0).toISOString() }];
}
