import { rootOf } from './find-root.ts';
import type { Place } from './place.ts';

/** Where in a library a folder is. */
export interface InsideLibraryOptions {
  readonly marks: readonly string[];
  /** The media root in the place; found by its own folders when it is not known. */
  readonly root: string | undefined;
  readonly folder: string;
}

/** A folder of a library where it lies in the backup, for when the library itself is not restored. */
export function insideLibrary(place: Place, { marks, root, folder }: InsideLibraryOptions): Place {
  return {
    ...place,
    options: { ...place.options, inLibrary: folder },
    open: async (context) => {
      const open = await place.open(context, { folders: marks, ...(root !== undefined && { root }) });
      const top = root ?? (await rootOf(place, open, marks));
      const { fileAt } = open;
      const at = (path: string) => [top, folder, path].filter(Boolean).join('/');
      return {
        ...open,
        id: `${open.id}/${folder}`,
        // The dump was made before the backup that it lies in.
        madeAt: '',
        files: (below) => open.files(at(below)),
        list: (below) => open.list(at(below)),
        lastWritten: (below) => open.lastWritten(at(below)),
        fetchFolder: (path, into) => open.fetchFolder(at(path), into),
        fetchFile: (path, into) => open.fetchFile(at(path), into),
        ...(fileAt && { fileAt: (path) => fileAt(at(path)) }),
      };
    },
  };
}
