import { DrillError } from '../../../model/error.ts';
import type { JobReport } from '../../../model/job.ts';
import type { OpeningContext } from '../../../model/source.ts';
import type { Volume } from '../../../model/target.ts';
import type { PlacedFile } from '../../places/place.ts';
import { checksumsOf, otherSum, readSums, type Verification, verificationOf, verify } from '../archive.ts';
import { algorithmOf, digestIn, namesIn } from '../digest-in.ts';
import { type PlacedDump, TOC } from './dumps-in.ts';

const OWN_LIST = 'folder-sums';
const DATA = /^(toc\.dat|[^/]+\.dat(\.(gz|lz4|zst))?)$/;
const CHECK = 'cd "$1" && LC_ALL=C "$2" --check --quiet "$3"';

/** A dump that has been fetched, and the list of sums that was fetched with it. */
export interface FetchedDump {
  readonly chosen: PlacedDump;
  /** All files of the folder of the place that it is in. */
  readonly files: readonly PlacedFile[];
  readonly sums: PlacedFile | undefined;
  readonly work: Volume;
}

/** What came of comparing a dump with its sums. */
export interface VerifiedDump {
  readonly reports: readonly JobReport[];
  readonly details: Verification['details'];
}

/** The list of sums that lies beside a dump, or inside of one that is a folder. */
export function sumsOf(files: readonly PlacedFile[], chosen: PlacedDump): PlacedFile | undefined {
  const inside = chosen.isFolder ? checksumsOf(files, { ...chosen, path: within(chosen, TOC) }) : undefined;
  return inside ?? checksumsOf(files, chosen);
}

/** Compares a dump that has been fetched with the sums that came with it. */
export async function verifyDump(context: OpeningContext, dump: FetchedDump): Promise<VerifiedDump> {
  const { chosen, sums, work } = dump;
  if (sums && chosen.isFolder) return await verifyFolder(context, dump, sums);
  const name = chosen.path.slice(chosen.path.lastIndexOf('/') + 1);
  const verification = await verificationOf(`${work.path}/dump`, name, sums, work);
  const volumes = [{ volume: work, readOnly: true }];
  return { reports: await verify(context, name, verification, volumes), details: verification.details };
}

async function verifyFolder(
  context: OpeningContext,
  { chosen, files, work }: FetchedDump,
  sums: PlacedFile,
): Promise<VerifiedDump> {
  const text = await readSums(work);
  const start = within(chosen, '');
  const prefix = sums.path.startsWith(start) ? '' : `${chosen.path.slice(chosen.path.lastIndexOf('/') + 1)}/`;
  const own = files.filter(({ path }) => path.startsWith(start) && path !== sums.path && !/[\n\\]/.test(path));
  const names = own.map(({ path }) => path.slice(start.length));
  const listed = namesIn(text).filter((name) => name.startsWith(prefix));
  const missing = listed
    .map((name) => name.slice(prefix.length))
    .find((name) => DATA.test(name) && !names.includes(name));
  if (missing !== undefined) throw otherSum(within(chosen, missing), sums.path, undefined, 'is not there, although');
  const known = names.flatMap((name) => {
    const digest = digestIn(text, prefix + name, false);
    return digest === undefined ? [] : [{ name, digest }];
  });
  const details = { checksums: sums.path, verified: known.length > 0 && known.length === names.length };
  const [first] = known;
  if (!first) return { reports: [], details };
  await work.write(OWN_LIST, Buffer.from(known.map(({ name, digest }) => `${digest}  ${name}\n`).join('')));
  const args = ['-c', CHECK, 'sh', `${work.path}/dump`, algorithmOf(first.digest).program, `${work.path}/${OWN_LIST}`];
  try {
    const volumes = [{ volume: work, readOnly: true }];
    const steps = () => [{ program: 'sh', args, phase: 'load' as const }];
    return { reports: [await context.run({ name: `${context.component}.verify`, volumes, steps })], details };
  } catch (error) {
    const tail = error instanceof DrillError ? error.tail : '';
    const [, failed] = /^(.+): FAILED/m.exec(tail) ?? [];
    if (!(error instanceof DrillError) || failed === undefined) throw error;
    throw otherSum(within(chosen, failed), sums.path, error);
  }
}

function within({ path }: PlacedDump, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}
