import type { Job, Step } from '../../model/job.ts';
import type { OpeningContext } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';
import { findRoot, noRoot } from '../places/find-root.ts';
import { linesIn, outputOf, type PlacedFile } from '../places/place.ts';
import { digestIn } from './digest-in.ts';
import type { LibraryOptions } from './files.ts';

const CHECKSUMS = /(^|\/)(checksums\.sha256|SHA256SUMS|sha256sums\.txt)$/i;
/** What the list is called in a volume of the run. */
export const SUMS = 'sums';
const MAX_SUMS_BYTES = 32 * 1024 ** 2;

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

/** What a list of checksums says of the archive that it lies beside. */
export interface Verification {
  /** The step that compares it with the archive; none when the list does not speak of the archive itself. */
  readonly steps: readonly Step[];
  readonly details: { readonly checksums: string; readonly verified: boolean };
}

/** Reads the list that lies in a volume of the run, and says how the archive is checked against it. */
export async function verificationOf(
  archive: string,
  name: string,
  sums: PlacedFile | undefined,
  list: Pick<Volume, 'read'>,
): Promise<Verification> {
  if (!sums) return { steps: [], details: { checksums: 'none', verified: false } };
  const text = Buffer.from(await list.read(SUMS, { offset: 0, length: MAX_SUMS_BYTES })).toString('utf8');
  const digest = digestIn(text, name, sums.path.endsWith(`${name}.sha256`));
  const details = { checksums: sums.path, verified: digest !== undefined };
  if (digest === undefined) return { steps: [], details };
  const script =
    '[ "$(sha256sum <"$1" | cut -d " " -f 1)" = "$2" ] || { echo "FAILED: the SHA-256 of the archive is another" >&2; exit 1; }';
  return { steps: [{ program: 'sh', args: ['-c', script, 'sh', archive, digest], phase: 'load' }], details };
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
