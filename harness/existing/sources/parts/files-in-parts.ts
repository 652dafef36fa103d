import { DrillError } from '../../../model/error.ts';
import type { ListedFile } from '../../../model/manifest.ts';
import type { OpeningContext, Part, PartedBackup } from '../../../model/source.ts';
import { rootOf, wantedOf } from '../../places/find-root.ts';
import type { OpenPlace, Place } from '../../places/place.ts';
import type { LibraryOptions } from '../files.ts';
import { noteVouched } from '../note-vouched.ts';
import { receiptOf } from '../receipt-of.ts';
import { covering } from './covering.ts';

const LIST = 'part.txt';

/** A library whose files lie in the backup one by one, to be restored some at a time. */
export async function filesInParts(
  context: OpeningContext,
  place: Place,
  options: LibraryOptions,
): Promise<PartedBackup> {
  const cache = await context.volume('cache');
  const open = await place.open({ ...context, cache }, wantedOf(options));
  const root = options.root ?? (await rootOf(place, open, options.marks));
  await noteVouched(context, open, root);
  return {
    id: open.id,
    pins: place.name === 'restic' ? { snapshot: open.id } : {},
    keeps: [cache],
    list: () => withoutBreaks(open.files(root), open.id),
    fetch: async (part, into) => {
      const lists = await context.volume('part');
      try {
        await lists.write(LIST, Buffer.from(open.listOf(namesOf(open, part))));
        return await context.run({
          name: `${context.component}.restore`,
          volumes: [...open.volumes, { volume: lists }, { volume: into }],
          steps: () => open.fetchSome(root, `${lists.path}/${LIST}`, into.path),
        });
      } finally {
        await lists.destroy();
      }
    },
    receipt: async (reports) =>
      receiptOf(context, place.name, reports, {
        id: open.id,
        madeAt: open.madeAt || (await open.lastWritten(root)),
        details: { ...open.details, root: root || '.', ...(await place.check?.(context)) },
      }),
  };
}

/** Few names where the tool takes folders: restic compares every name of a list with every file that it looks at. */
function namesOf(open: OpenPlace, { paths, between }: Part): readonly string[] {
  return open.takesFolders && between ? covering(paths, between) : paths;
}

/** The tools take lists of lines: what has a line break in its name cannot be in one. */
export async function* withoutBreaks(files: AsyncIterable<ListedFile>, id: string): AsyncGenerator<ListedFile> {
  for await (const file of files) {
    if (!file.path.includes('\n')) yield file;
    else
      throw new DrillError({
        code: 'name-with-break',
        where: 'source/parts',
        what: `A file of ${id} has a line break in its name, ${JSON.stringify(file.path)}: no tool can be asked for it by a list.`,
        next: 'rename it, or drill without --max-disk on a larger disk.',
        blame: 'environment',
      });
  }
}
