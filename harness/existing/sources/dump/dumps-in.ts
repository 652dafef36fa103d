import { DrillError } from '../../../model/error.ts';
import { chooseFile, newestFirst } from '../../places/choose-file.ts';
import type { PlacedFile } from '../../places/place.ts';
import { sizeInWords } from './size-in-words.ts';

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

/** The newest dump of a folder; one without a byte in it is told by what came before it. */
export function chooseDump(files: readonly PlacedFile[], pattern: string, where: string): PlacedDump {
  const dumps = dumpsIn(files, pattern);
  const [newest, before] = dumps;
  if (!newest) return chooseFile(candidatesIn(files), pattern, where);
  if (newest.sizeBytes > 0) return newest;
  const told = before
    ? `, the newest of ${dumps.length}; the one before is ${before.path} of ${sizeInWords(before.sizeBytes)}`
    : ', and there is no other';
  throw new DrillError({
    code: 'dump-empty',
    where: 'source/pg-dump',
    what: `${newest.path || where} is 0 bytes${told}.`,
    next: 'see what the backup said when it was made, and whether its disk was full.',
    blame: 'backup',
  });
}

/** A dump in the directory format is the folder that its table of contents lies in. */
export function candidatesIn(files: readonly PlacedFile[]): PlacedDump[] {
  const tables = files.filter(({ path }) => path === TOC || path.endsWith(`/${TOC}`));
  const folders = tables.map((one) => ({ ...one, path: one.path.slice(0, -TOC.length - 1), isFolder: true }));
  const isInside = ({ path }: PlacedFile) => folders.some((one) => path.startsWith(one.path ? `${one.path}/` : ''));
  return [...folders, ...files.filter((file) => !isInside(file))];
}
