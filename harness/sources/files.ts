import type { Receipt } from '../model/path.ts';
import type { BackupSource, SourceContext } from '../model/source.ts';
import { findRoot, noRoot } from './places/find-root.ts';
import type { OpenPlace, Place } from './places/place.ts';
import { reaching } from './reaching.ts';
import { receiptOf } from './receipt-of.ts';

/** Where a library lies in a backup, and what was left out of it. */
export interface LibraryOptions {
  /** The folder that is the media root; it is found by its own folders when this is left out. */
  readonly root?: string;
  /** Folders by which a media root is known. */
  readonly marks: readonly string[];
  readonly leavesOut: readonly string[];
}

/** A library whose files lie in the backup one by one. */
export function filesSource(place: Place, options: LibraryOptions): BackupSource<'volume'> {
  return {
    name: place.name,
    protects: 'volume',
    programs: place.programs,
    promises: { keeps: place.keeps, leavesOut: options.leavesOut, quiesce: false },
    options: { ...place.options, ...(options.root !== undefined && { root: options.root }) },
    secrets: place.secrets,
    restore: async (context) => await restore(reaching(context), place, options),
  };
}

async function restore(context: SourceContext<'volume'>, place: Place, options: LibraryOptions): Promise<Receipt> {
  const open = await place.open(context);
  const root = options.root ?? (await rootOf(place, open, options.marks));
  const report = await context.run({
    name: `${context.component}.restore`,
    volumes: [...open.volumes, { volume: context.target }],
    steps: () => open.fetchFolder(root, context.target.path),
  });
  return receiptOf(context, place.name, [report], {
    id: open.id,
    // A mirror does not tell when it was made: it is as old as the newest thing in it, or younger.
    madeAt: open.madeAt || (await open.lastWritten(root)),
    details: { root: root || '.' },
  });
}

async function rootOf(place: Place, open: OpenPlace, marks: readonly string[]): Promise<string> {
  const root = findRoot(await open.foldersNamed(marks), marks);
  if (root === undefined) throw noRoot(place.name, open.id, marks);
  return root;
}
