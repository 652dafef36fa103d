import { DrillError } from '../../model/error.ts';
import type { Job, JobReport, Step } from '../../model/job.ts';
import type { OpeningContext } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';
import { findRoot, noRoot } from '../places/find-root.ts';
import { linesIn, outputOf, type PlacedFile } from '../places/place.ts';
import { algorithmOf, digestIn } from './digest-in.ts';
import type { LibraryOptions } from './files.ts';

const CHECKSUMS = /^((sha(1|256|512)|md5)sums?|checksums?)(\.(txt|sha1|sha256|sha512|md5))?$/i;
/** The best first. */
const OWN_SUMS = ['sha512', 'sha256', 'sha512sum', 'sha256sum', 'sha1', 'sha1sum', 'md5', 'md5sum'];
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
    OWN_SUMS.map((ending) => files.find(({ path }) => path === `${archive.path}.${ending}`)).find(Boolean) ??
    files.find(({ path }) => path.startsWith(beside) && CHECKSUMS.test(path.slice(beside.length)))
  );
}

/** What a list of checksums says of the archive that it lies beside. */
export interface Verification {
  /** The step that compares it with the archive; none when the list does not speak of the archive itself. */
  readonly steps: readonly Step[];
  readonly details: { readonly checksums: string; readonly verified: boolean };
}

/** The list that lies in a volume of the run, as far as anybody needs one. */
export async function readSums(list: Pick<Volume, 'read'>): Promise<string> {
  return Buffer.from(await list.read(SUMS, { offset: 0, length: MAX_SUMS_BYTES })).toString('utf8');
}

/** Reads the list that lies in a volume of the run, and says how the archive is checked against it. */
export async function verificationOf(
  archive: string,
  name: string,
  sums: PlacedFile | undefined,
  list: Pick<Volume, 'read'>,
): Promise<Verification> {
  if (!sums) return { steps: [], details: { checksums: 'none', verified: false } };
  const text = await readSums(list);
  const digest = digestIn(
    text,
    name,
    OWN_SUMS.some((ending) => sums.path.endsWith(`${name}.${ending}`)),
  );
  const details = { checksums: sums.path, verified: digest !== undefined };
  if (digest === undefined) return { steps: [], details };
  const { program, title } = algorithmOf(digest);
  const args = ['-c', COMPARE, 'sh', archive, digest, program, title];
  return { steps: [{ program: 'sh', args, phase: 'load' }], details };
}

const COMPARE =
  '[ "$("$3" <"$1" | cut -d " " -f 1)" = "$2" ] || { echo "FAILED: the $4 of the archive is another" >&2; exit 1; }';

/** Compares an archive with its list; that it is another one is told by its name. */
export async function verify(
  context: Pick<OpeningContext, 'component' | 'run'>,
  name: string,
  { steps, details }: Verification,
  volumes: Job['volumes'],
): Promise<readonly JobReport[]> {
  if (steps.length === 0) return [];
  try {
    return [await context.run({ name: `${context.component}.verify`, volumes, steps: () => steps })];
  } catch (error) {
    if (!(error instanceof DrillError) || !/^FAILED|: FAILED/m.test(error.tail)) throw error;
    throw otherSum(name, details.checksums, error);
  }
}

/** A backup whose bytes are others than its own sum says. */
export function otherSum(name: string, list: string, cause?: DrillError, what = 'has another sum than'): DrillError {
  return new DrillError({
    code: 'checksum-mismatch',
    where: 'source/checksums',
    what: `${name} ${what} ${list} beside it says: it was cut, damaged, or written over since.`,
    next: 'compare both with where the backup was made; until then take an earlier one.',
    blame: 'backup',
    ...(cause && { cause, tail: cause.tail }),
  });
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
