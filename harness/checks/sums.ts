import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { FileEntry, VouchedFile } from '../model/manifest.ts';
import { joinUnique } from './join/join-sorted.ts';
import { observed } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** The name of the check. */
export const SUMS = 'sums';

const EXPECTED = 'every file as the list of digests says that lies with it';
/** Lists and files of one moment have times that are this far apart where only seconds are kept. */
const SAME_MOMENT_MS = 2_000;
const ALGORITHMS: Readonly<Record<number, 'sha256' | 'sha1'>> = { 64: 'sha256', 40: 'sha1' };

/** Judges that files are what lists of digests beside them say, which whoever made the backup has left for that. */
export function sums(component: string): Check {
  return {
    name: SUMS,
    component,
    proves: 'The files have the digests of the lists that lie with them, such as checksums.sha256.',
    judge: (evidence) => judgeSums(evidence, component),
  };
}

async function judgeSums(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const files = observed(evidence, tally, 'after', component, 'files');
  const vouched = observed(evidence, tally, 'after', component, 'vouched');
  const again = evidence.list('after', component, 'files');
  if (!files || !again || !vouched) return tally.judgement(EXPECTED, 'not everything was seen');
  const { keeps, leavesOut = [] } = evidence.promises[component] ?? {};
  const isSample = evidence.list('after', component, 'listed') !== undefined;
  const youngest = keeps?.mtime === true ? await youngestOf(again) : Number.POSITIVE_INFINITY;
  const seen = { same: 0, since: 0, others: 0, gone: 0, elsewhere: 0 };
  for await (const { left: file, right: sum } of joinUnique<FileEntry, VouchedFile>(
    files,
    vouched,
    ({ path }) => path,
  )) {
    if (!sum) continue;
    const { path, digest, list, listedAt } = sum;
    const until = Date.parse(listedAt) + SAME_MOMENT_MS;
    const algorithm = ALGORITHMS[digest.length];
    if (path.startsWith('/')) seen.elsewhere += 1;
    else if (!file) {
      // Of a sample the others were not restored, and a list that is older than what it lies with speaks of another day.
      const isExpected = !isSample && youngest <= until && !leavesOut.some((folder) => path.startsWith(`${folder}/`));
      if (isExpected) tally.wrong(path, `a file, as ${list} says`, 'missing');
      else seen.gone += 1;
    } else if (keeps?.mtime === true && file.mtimeMs > until) seen.since += 1;
    else if (!algorithm) seen.others += 1;
    else if (file[algorithm] === digest) seen.same += 1;
    else tally.wrong(path, `${digest}, as ${list} says`, file[algorithm] || `a ${file.type}`);
  }
  return tally.judgement(EXPECTED, inWords(seen));
}

async function youngestOf(files: AsyncIterable<FileEntry>): Promise<number> {
  let youngest = 0;
  for await (const { type, mtimeMs } of files) if (type === 'file') youngest = Math.max(youngest, mtimeMs);
  return youngest;
}

function inWords({
  same,
  since,
  others,
  gone,
  elsewhere,
}: Readonly<Record<'same' | 'since' | 'others' | 'gone' | 'elsewhere', number>>): string {
  if (same + since + others + gone + elsewhere === 0) return 'no list of digests lies with the files';
  return [
    `${counted(same, 'file')} as listed`,
    ...(since > 0 ? [`${since} written after the list`] : []),
    ...(others > 0 ? [`${others} with digests that are neither SHA-256 nor SHA-1, which were not compared`] : []),
    ...(gone > 0 ? [`${gone} that the backup does not have, of an older list or left out`] : []),
    ...(elsewhere > 0 ? [`${elsewhere} named by a place on another machine, which was not compared`] : []),
  ].join(', ');
}
