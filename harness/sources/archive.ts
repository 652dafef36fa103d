import type { Job, Step } from '../model/job.ts';
import type { OpeningContext } from '../model/source.ts';
import type { LibraryOptions } from './files.ts';
import { findRoot, noRoot } from './places/find-root.ts';
import { linesIn, outputOf, type PlacedFile } from './places/place.ts';

const CHECKSUMS = /(^|\/)(checksums\.sha256|SHA256SUMS|sha256sums\.txt)$/i;

/** Which archive of a place holds the library. */
export interface TarOptions extends LibraryOptions {
  /** A name or a pattern; the newest that fits is taken. */
  readonly file: string;
  /** The folder of the place that it is in. */
  readonly folder: string;
}

/** The list of checksums that lies beside an archive, where there is one. */
export function checksumsOf(files: readonly PlacedFile[], archive: PlacedFile): PlacedFile | undefined {
  const beside = archive.path.slice(0, archive.path.lastIndexOf('/') + 1);
  return (
    files.find(({ path }) => path === `${archive.path}.sha256`) ??
    files.find(({ path }) => path.startsWith(beside) && CHECKSUMS.test(path.slice(beside.length)))
  );
}

/**
 * Checks the archive against its line of the list. `find … > checksums` lists itself, half written, so that only the line
 * of the archive can be meant; a list without it says nothing of the archive.
 */
export function verify(folder: string, name: string, sums = 'sums'): Step {
  const script = 'grep -F -- "$1" "$2" | grep -v sums | sha256sum --check --quiet -';
  return { program: 'sh', args: ['-c', script, 'sh', name, sums], cwd: folder, phase: 'load' };
}

/** The folder of an archive that is the media root, told by its own folders. */
export async function rootIn(
  context: OpeningContext,
  archive: string,
  volumes: Job['volumes'],
  marks: readonly string[],
  id: string,
): Promise<string> {
  const script = 'tar --list --file "$1" | grep -E "(^|/)($2)/" | grep -oE "^(.*/)?($2)/" | sort -u';
  const step = { program: 'sh', args: ['-c', script, 'sh', archive, marks.join('|')], okExitCodes: [0, 1] };
  const folders = linesIn(await outputOf(context, 'folders', step, volumes));
  const root = findRoot(
    folders.map((path) => path.replace(/\/$/, '')),
    marks,
  );
  if (root === undefined) throw noRoot('tar', id, marks);
  return root;
}
