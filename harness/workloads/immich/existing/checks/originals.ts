import { SortedCursor } from '../../../../checks/join/sorted-cursor.ts';
import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import type { FileEntry, Reference } from '../../../../model/manifest.ts';
import { ORIGINAL } from '../references.ts';
import { filesOf } from './files-of.ts';
import { late } from './late.ts';
import { Meanwhile } from './meanwhile.ts';
import { sampledInWords } from './sampled-in-words.ts';

/** Judges that the original of every asset is there, with the size and the SHA-1 that Immich wrote down at the upload. */
export function originals(database: string, library: string): Check {
  return {
    name: 'originals',
    component: library,
    proves: 'The original of every asset that Immich keeps itself is there, byte for byte as it was uploaded.',
    judge: (evidence) => judgeOriginals(evidence, database, library),
  };
}

/** As many missing originals as are looked for elsewhere. */
const MOST_SOUGHT = 1_000;

/** An original that is not where its row says. */
interface Missing {
  readonly subject: string;
  readonly wanted: string;
  readonly actual: string;
  readonly sha1: string;
}

interface Totals {
  readonly missing: Missing[];
  all: number;
  bytes: number;
  listed: number;
  afterFiles: number;
  regenerable: number;
  /** Moved or deleted by a running Immich between the dump and the copy of the files. */
  went: number;
}

async function judgeOriginals(evidence: Evidence, database: string, library: string): Promise<Judgement> {
  const tally = new Tally();
  const references = observed(evidence, tally, 'after', database, 'references');
  const files = filesOf(evidence, tally, library);
  const totals: Totals = { missing: [], all: 0, bytes: 0, listed: 0, afterFiles: 0, regenerable: 0, went: 0 };
  if (references && files) {
    const madeAt = evidence.receipts.find(({ component }) => component === library)?.startedAt ?? '';
    await using cursor = new SortedCursor(files, (file) => file.path, `files of ${library}`);
    await using meanwhile = new Meanwhile(evidence, library);
    const begunAt = evidence.phases.preflight?.startedAt ?? '';
    for await (const reference of references) {
      if (reference.kind !== ORIGINAL) continue;
      const { path, regenerable, writtenAt } = reference;
      const file = await cursor.seek(path);
      const cameSince = late(writtenAt, begunAt) !== undefined;
      if (!file && !regenerable && (await meanwhile.went(path, cameSince))) totals.went += 1;
      else judgeOne(reference, file, madeAt, tally, totals);
    }
    await tellMissing(totals.missing, filesOf(evidence, tally, library) ?? none(), tally);
    if (totals.went > 0)
      tally.gap(
        `${counted(totals.went, 'original')} moved or deleted by the running Immich while the drill copied its files: drill it when it is at rest`,
      );
    if (totals.all + totals.went === 0) tally.gap('no asset of the database has an original of its own');
  }
  return tally.judgement('every original, with its size and SHA-1', inWords(tally, totals));
}

function judgeOne(
  reference: Reference,
  file: FileEntry | undefined,
  madeAt: string,
  tally: Tally,
  totals: Totals,
): void {
  totals.all += 1;
  // The moving part of a motion photo is cut out of its still again.
  if (!file && reference.regenerable) {
    totals.regenerable += 1;
    return;
  }
  const size = reference.sizeBytes >= 0 ? ` of ${counted(reference.sizeBytes, 'byte')}` : '';
  const wanted = `file${size}${reference.sha1 ? `, SHA-1 ${reference.sha1}` : ''}`;
  const subject = `${reference.owner}: ${reference.path}`;
  if (!file) {
    const after = late(reference.writtenAt, madeAt);
    if (after) totals.afterFiles += 1;
    const actual = after ? `missing: uploaded ${after} the files were backed up` : 'missing';
    if (totals.missing.length < MOST_SOUGHT) totals.missing.push({ subject, wanted, actual, sha1: reference.sha1 });
    else tally.wrong(subject, wanted, actual);
  } else if (file.type !== 'file') tally.wrong(subject, wanted, `a ${file.type}`);
  else if (
    (reference.sizeBytes >= 0 && reference.sizeBytes !== file.sizeBytes) ||
    (reference.sha1 && file.sha1 && reference.sha1 !== file.sha1)
  )
    tally.wrong(subject, wanted, `file of ${counted(file.sizeBytes, 'byte')}, SHA-1 ${file.sha1}`);
  else if (!file.sha1) totals.listed += 1;
  else if (reference.sha1) totals.bytes += 1;
}

/** Names what is missing, and where the same bytes lie instead: an original that was moved is not lost. */
async function tellMissing(missing: readonly Missing[], files: AsyncIterable<FileEntry>, tally: Tally): Promise<void> {
  const sought = new Map(missing.filter(({ sha1 }) => sha1 !== '').map(({ sha1 }) => [sha1, '']));
  if (sought.size > 0) for await (const { sha1, path } of files) if (sought.get(sha1) === '') sought.set(sha1, path);
  for (const { subject, wanted, actual, sha1 } of missing) {
    const elsewhere = sought.get(sha1);
    tally.wrong(subject, wanted, elsewhere ? `${actual}; the same bytes lie at ${elsewhere}` : actual);
  }
}

async function* none(): AsyncGenerator<FileEntry> {}

function inWords(tally: Tally, { all, bytes, listed, afterFiles, regenerable }: Totals): string {
  const parts =
    listed > 0
      ? [
          sampledInWords(tally.count, bytes, all),
          `the other ${counted(listed, 'original')} listed with their right size`,
        ]
      : [`${tally.count} bad of ${counted(all, 'original')}, all of them looked at`];
  if (bytes > 0 && listed === 0) parts.push(`${counted(bytes, 'SHA-1', 'SHA-1s')} right`);
  if (regenerable > 0) parts.push(`${counted(regenerable, 'motion part')} left to be made again`);
  if (afterFiles > 0)
    parts.push(
      `${afterFiles} of them uploaded after the files were backed up: back the database up first, then the files`,
    );
  return parts.join(', ');
}
