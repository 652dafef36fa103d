import { joinSorted } from '../../../../checks/join/join-sorted.ts';
import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import type { FileEntry, Reference } from '../../../../model/manifest.ts';
import { filesOf } from './files-of.ts';
import { late } from './late.ts';
import { Meanwhile } from './meanwhile.ts';

/** Markers, Immich's own dumps, files half written, and what other systems leave in every folder. */
const WITHOUT_ROW = /(^|\/)\.immich$|^backups\/|\.tmp$|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|@eaDir\/.*)$/;
const IRREPLACEABLE = /^(upload|library|profile)\//;

/** Judges that no file lost its row: what lies there without one was uploaded after the dump, or is a row that is gone. */
export function untracked(database: string, library: string, allowed: number): Check {
  return {
    name: 'files-to-rows',
    component: library,
    proves: 'No file of the library has lost the row that spoke of it, but for those that came after the dump.',
    judge: (evidence) => judgeUntracked(evidence, database, library, allowed),
  };
}

async function judgeUntracked(
  evidence: Evidence,
  database: string,
  library: string,
  allowed: number,
): Promise<Judgement> {
  const tally = new Tally();
  const references = observed(evidence, tally, 'after', database, 'references');
  const files = filesOf(evidence, tally, library);
  const totals = { tracked: 0, after: 0, leftover: 0 };
  const lost: FileEntry[] = [];
  if (references && files) {
    const dumpedAt = evidence.receipts.find(({ component }) => component === database)?.startedAt ?? '';
    const younger = await changedSince(evidence, library, dumpedAt);
    await using meanwhile = new Meanwhile(evidence, library);
    for await (const { left, right } of joinSorted<FileEntry, Reference>(files, references, (item) => item.path)) {
      const [file] = left;
      if (file?.type !== 'file' || WITHOUT_ROW.test(file.path)) continue;
      if (right.length > 0) totals.tracked += 1;
      else if (!IRREPLACEABLE.test(file.path)) totals.leftover += 1;
      else if (late(new Date(file.mtimeMs).toISOString(), dumpedAt)) totals.after += 1;
      else if (younger.has(folderOf(file.path)) || (await meanwhile.came(file.path))) totals.after += 1;
      else lost.push(file);
    }
    if (totals.tracked === 0 && lost.length === 0) tally.gap(`${library} holds no file that a row speaks of`);
  }
  if (lost.length > allowed)
    for (const { path, sizeBytes } of lost)
      tally.wrong(path, 'a row that speaks of it', `none, for a file of ${counted(sizeBytes, 'byte')}`);
  const parts = [`${counted(totals.tracked, 'file')} with a row`, `${lost.length} without one`];
  if (allowed > 0) parts.push(`${allowed} allowed`);
  if (totals.after > 0) parts.push(`${totals.after} written after the dump, which can be uploaded again`);
  if (totals.leftover > 0) parts.push(`${totals.leftover} thumbnails and transcodes that no row speaks of`);
  return tally.judgement('a row for every file', parts.join(', '));
}

/**
 * Folders that something was put into after the dump, or taken out of. What people upload keeps the time of when it was
 * taken: only its folder tells when it came. Where most folders are younger than the dump, the backup has not kept their
 * times, and they say nothing.
 */
async function changedSince(evidence: Evidence, library: string, dumpedAt: string): Promise<ReadonlySet<string>> {
  const isSample = evidence.list('after', library, 'listed') !== undefined;
  if (isSample || evidence.promises[library]?.keeps.mtime !== true) return new Set();
  const younger = new Set<string>();
  let older = 0;
  for await (const { path, type, mtimeMs } of evidence.list('after', library, 'files') ?? []) {
    if (type !== 'directory' || !IRREPLACEABLE.test(`${path}/`)) continue;
    if (mtimeMs > Date.parse(dumpedAt)) younger.add(path);
    else older += 1;
  }
  return younger.size <= older ? younger : new Set();
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
