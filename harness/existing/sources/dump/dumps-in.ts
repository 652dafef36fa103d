import { newestFirst } from '../../places/choose-file.ts';
import type { PlacedFile } from '../../places/place.ts';

/** The table of contents of a dump in the directory format. */
export const TOC = 'toc.dat';

/** A dump as it lies in a place: one file, or a folder of files. */
export interface PlacedDump extends PlacedFile {
  readonly isFolder?: boolean;
}

/** All dumps of a folder that the pattern fits, the newest first. */
export function dumpsIn(files: readonly PlacedFile[], pattern: string): PlacedDump[] {
  const candidates = candidatesIn(files);
  // The folder that is named may be the dump itself.
  const self = candidates.find(({ path }) => path === '');
  return self ? [self] : newestFirst(candidates, pattern);
}

/** A dump in the directory format is the folder that its table of contents lies in. */
export function candidatesIn(files: readonly PlacedFile[]): PlacedDump[] {
  const tables = files.filter(({ path }) => path === TOC || path.endsWith(`/${TOC}`));
  const folders = tables.map((one) => ({ ...one, path: one.path.slice(0, -TOC.length - 1), isFolder: true }));
  const isInside = ({ path }: PlacedFile) => folders.some((one) => path.startsWith(one.path ? `${one.path}/` : ''));
  return [...folders, ...files.filter((file) => !isInside(file))];
}
