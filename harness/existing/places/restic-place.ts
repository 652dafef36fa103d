import type { Step } from '../../model/job.ts';
import type { Receipt } from '../../model/path.ts';
import { Secret } from '../../model/secret.ts';
import { choiceInWords, fittingSnapshots, pickOne, type Snapshot, type SnapshotChoice } from './choose-snapshot.ts';
import { marksIn } from './find-root.ts';
import { type HoldingGroup, type Holds, holdingGroup } from './holding-group.ts';
import {
  linesFrom,
  type OpenPlace,
  outputOf,
  type Place,
  type PlaceContext,
  type PlacedFile,
  pathsNamed,
  type Wanted,
} from './place.ts';

/** A restic repository, as the user's own backups write it. */
export interface ResticPlaceOptions {
  /** As restic takes it: a folder, `s3:https://…`, `rest:https://…`, `sftp:user@host:/…`. */
  readonly repository: string | Secret;
  readonly password: Secret;
  /** Credentials and settings for the repository's own server. */
  readonly env: Readonly<Record<string, string | Secret>>;
  readonly snapshot: SnapshotChoice;
  readonly host?: string;
  readonly tags: readonly string[];
}

/** Nothing may be written to the repository, not even a lock. */
const READ_ONLY = '--no-lock';

/** A snapshot of a restic repository, opened without a lock. */
export function resticPlace(options: ResticPlaceOptions): Place {
  const { repository, password, env, snapshot } = options;
  const values = [repository, password, ...Object.values(env)];
  return {
    name: 'restic',
    programs: ['restic', 'sh'],
    secrets: values.filter((value) => value instanceof Secret),
    options: { repository: String(repository), snapshot: choiceInWords(snapshot) },
    keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
    open: async (context, wanted) => await openWanted(context, await reach(context, options), wanted),
  };
}

/** A repository as jobs reach it: one in a folder of this machine may be another folder to them. */
interface Reached extends ResticPlaceOptions {
  readonly volumes: OpenPlace['volumes'];
}

async function reach(context: PlaceContext, options: ResticPlaceOptions): Promise<Reached> {
  const { repository } = options;
  if (!isFolder(repository)) return { ...options, volumes: [] };
  const { path, volumes } = await context.folder(repository);
  return { ...options, repository: path, volumes };
}

/** A repository of this machine; one whose address is a secret is on some server. */
export function isFolder(repository: string | Secret): repository is string {
  return typeof repository === 'string' && repository.startsWith('/');
}

/** Opens the snapshot that the choice means, of those that hold what is wanted. */
async function openWanted(context: PlaceContext, options: Reached, wanted?: Wanted): Promise<OpenPlace> {
  const filters = [...(options.host ? ['--host', options.host] : []), ...options.tags.flatMap((tag) => ['--tag', tag])];
  const step = call(options, ['snapshots', '--json', ...filters]);
  const all = JSON.parse(await outputOf(context, 'snapshots', step, options.volumes)) as Snapshot[] | null;
  const fitting = fittingSnapshots(all ?? [], options.snapshot, new Date());
  const opened = new Map<Snapshot, OpenPlace>();
  const open = (snapshot: Snapshot) => {
    const place = opened.get(snapshot) ?? openSnapshot(context, options, snapshot);
    opened.set(snapshot, place);
    return place;
  };
  const group: HoldingGroup = wanted
    ? await holdingGroup(fitting, async (snapshot) => await holds(open(snapshot), wanted))
    : { snapshots: fitting, passedOver: [] };
  const [newest = fitting[0], ...others] = group.snapshots;
  const details = passedOver(group.passedOver);
  return { ...open(pickOne([newest, ...others], options.snapshot)), ...(details && { details }) };
}

async function holds(open: OpenPlace, wanted: Wanted): Promise<Holds> {
  if ('below' in wanted) return wanted.isThere(await open.list(wanted.below)) ? 2 : 0;
  const parents = marksIn(await open.foldersNamed(wanted.folders), wanted.folders);
  const plain = (path: string) => path.split('/').filter(Boolean).join('/');
  const below = [...parents].filter(([parent]) => wanted.root === undefined || plain(parent) === plain(wanted.root));
  // Others have a folder of such a name, too; two of them side by side are no accident.
  return Math.min(2, Math.max(0, ...below.map(([, marks]) => marks.size))) as Holds;
}

const NAMED = 3;

function passedOver(newer: readonly Snapshot[]): Receipt['details'] | undefined {
  if (newer.length === 0) return undefined;
  const some = newer
    .slice(0, NAMED)
    .map(({ id, hostname = '', paths }) => `${id.slice(0, 8)} of ${hostname}:${paths.join(', ')}`);
  const more = newer.length > NAMED ? ` and ${newer.length - NAMED} more` : '';
  return { passedOver: `${some.join('; ')}${more}: newer, and without what was looked for` };
}

function openSnapshot(context: PlaceContext, options: Reached, snapshot: Snapshot): OpenPlace {
  const { cache } = context;
  const volumes = [...options.volumes, ...(cache ? [{ volume: cache }] : [])];
  const env = { ...options.env, ...(cache && { RESTIC_CACHE_DIR: cache.path }) };
  const restic = (args: string[]): Step => ({ ...call({ ...options, env }, args), phase: 'fetch' });
  const path = (below: string) => `/${below.replace(/^\/+/, '')}`;
  // A look whether it is the right one need not be repeated.
  const seen = new Map<string, Promise<unknown>>();
  const once = <Found>(what: string, look: () => Promise<Found>) => {
    const known = (seen.get(what) as Promise<Found> | undefined) ?? look();
    seen.set(what, known);
    return known;
  };
  const files = async function* (below: string): AsyncGenerator<PlacedFile> {
    const args = ['ls', '--json', '--recursive', snapshot.id, path(below)];
    for await (const line of linesFrom(context, 'list', restic(args), volumes)) yield* parseNode(line, below);
  };
  return {
    id: snapshot.id,
    madeAt: new Date(snapshot.time).toISOString(),
    volumes,
    files,
    list: (below) => once(`list ${below}`, () => Array.fromAsync(files(below))),
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

function call({ repository, password, env }: ResticPlaceOptions, args: string[]): Step {
  return {
    program: 'restic',
    args: [READ_ONLY, ...args],
    env: { RESTIC_PROGRESS_FPS: '0.1', ...env, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: password },
    ...(!isFolder(repository) && { reachesOut: true }),
  };
}
