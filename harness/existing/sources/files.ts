import type { Step } from '../../model/job.ts';
import type { Receipt } from '../../model/path.ts';
import type { BackupSource, SourceContext } from '../../model/source.ts';
import type { Volume, World } from '../../model/target.ts';
import { rootOf, wantedOf } from '../places/find-root.ts';
import { pickSome } from '../places/pick-some.ts';
import type { OpenPlace, Place, PlacedFile } from '../places/place.ts';
import { aroundIt } from './around-it.ts';
import { noteVouched } from './note-vouched.ts';
import { filesInParts } from './parts/files-in-parts.ts';
import { receiptOf } from './receipt-of.ts';
import { withSourceErrors } from './with-source-errors.ts';

const LIST = 'sample.txt';

/** Where a library lies in a backup, and what was left out of it. */
export interface LibraryOptions {
  /** The folder that is the media root; it is found by its own folders when this is left out. */
  readonly root?: string;
  /** Folders by which a media root is known. */
  readonly marks: readonly string[];
  readonly leavesOut: readonly string[];
  /** Restores only some files; the others are judged by what the backup lists. */
  readonly sample?: SampleOptions;
  /** Restores a single file, by what was restored before: its path below the root. */
  readonly only?: (restored: World) => Promise<string>;
}

/** Which files to restore when it is not all of them. */
export interface SampleOptions {
  /** How many of those that are sampled. */
  readonly count: number;
  /** Files that count as one of the sampled. */
  isSampled(path: string): boolean;
  /** Files that are restored whatever the sample. */
  always(files: readonly PlacedFile[]): readonly PlacedFile[];
}

/** A library whose files lie in the backup one by one. */
export function filesSource(place: Place, options: LibraryOptions): BackupSource<'volume'> {
  return {
    name: place.name,
    protects: 'volume',
    programs: [...place.programs, ...(options.only ? ['sh'] : [])],
    promises: { keeps: place.keeps, leavesOut: options.leavesOut, quiesce: false },
    options: { ...place.options, ...(options.root !== undefined && { root: options.root }) },
    secrets: place.secrets,
    restore: async (context) => await restore(withSourceErrors(context), place, options),
    afterwards: async (context, receipt) => await aroundIt(withSourceErrors(context), place, receipt),
    inParts: async (context) => await filesInParts(withSourceErrors(context), place, options),
  };
}

async function restore(context: SourceContext<'volume'>, place: Place, options: LibraryOptions): Promise<Receipt> {
  const open = await place.open(context, wantedOf(options));
  const root = options.root ?? (await rootOf(place, open, options.marks));
  const only = await options.only?.(context.restored);
  const sampled = options.sample && (await sampleOf(context, open, root, options.sample));
  const report = await context.run({
    name: `${context.component}.restore`,
    volumes: [...open.volumes, ...(sampled ? [{ volume: sampled.lists }] : []), { volume: context.target }],
    steps: () => {
      const into = context.target.path;
      if (only !== undefined) return fetchOnly(open, root, only, into);
      return sampled ? open.fetchSome(root, `${sampled.lists.path}/${LIST}`, into) : open.fetchFolder(root, into);
    },
  });
  await context.aside(() => noteVouched(context, open, root, only));
  return receiptOf(context, place.name, [report], {
    id: open.id,
    // A mirror does not tell when it was made: it is as old as the newest thing in it, or younger.
    madeAt: open.madeAt || (only === undefined ? await open.lastWritten(root) : ''),
    details: {
      ...open.details,
      root: root || '.',
      ...(sampled && { sampled: sampled.count }),
      ...(only !== undefined && { only }),
    },
  });
}

/** Chooses the files to restore, tells of all that the backup lists, and writes the list that the tools read. */
async function sampleOf(
  context: SourceContext<'volume'>,
  open: OpenPlace,
  root: string,
  { count, isSampled, always }: SampleOptions,
): Promise<{ readonly lists: Volume; readonly count: number }> {
  const files = await open.list(root);
  await context.listed(files);
  // A name with a line break cannot be put into a list of lines.
  const named = files.filter(({ path }) => !path.includes('\n'));
  const chosen = pickSome(
    named.filter(({ path }) => isSampled(path)),
    count,
  );
  const names = new Set([...chosen, ...always(named)].map(({ path }) => path));
  const lists = await context.volume('sample');
  await lists.write(LIST, Buffer.from(open.listOf([...names].sort())));
  return { lists, count: chosen.length };
}

/** A file that is fetched by itself needs the folder that it comes to lie in. */
function fetchOnly(open: OpenPlace, root: string, file: string, into: string): Step[] {
  const args = ['-c', 'mkdir -p "$(dirname "$1")"', 'sh', `${into}/${file}`];
  return [
    { program: 'sh', args, phase: 'fetch' },
    ...open.fetchFile([root, file].filter(Boolean).join('/'), `${into}/${file}`),
  ];
}
