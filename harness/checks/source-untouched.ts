import type { Check, Evidence, Finding, Judgement } from '../model/check.ts';
import type { PlaceRecord } from '../model/watch.ts';
import { type Compared, comparePlaces, type Difference } from './judging/compare-places.ts';
import { MOST_FINDINGS } from './judging/tally.ts';
import { counted, firstFew } from './judging/wording.ts';

const MIB = 1024 ** 2;
const EXPECTED = 'every place of the backups as it was before, and no request to it but reads';

/** All that was seen, and of what kind. */
interface Seen extends Compared {
  places: number;
  /** Changed or gone in places that this drill could have written to. */
  harmed: number;
  /** Changed or gone in places that it could not have written to. */
  byOthers: number;
  /** Changed, or gone, in places that somebody uses, where it could have been this drill as well. */
  changedInUse: number;
  goneInUse: number;
  appeared: number;
  readonly gaps: string[];
  readonly harm: Finding[];
  readonly rest: Finding[];
}

/**
 * Judges that a drill has only read what it drilled: each place is listed before anything is read and when all is done, and
 * requests to its server are seen where they can be.
 *
 * - The same both times: pass.
 * - Something appeared: pass, and it is named. Backups go on being made while they are drilled, and nothing was harmed.
 * - Something changed or is gone: fail, and it is named. Either this drill has done it, and nothing is worse, or somebody
 *   else has, and then what was judged is not what is there now. Only where it was shown that this drill had no way to write
 *   there (a read-only mount, a gateway that lets reads through and nothing else) was it somebody else for certain, and it
 *   passes with what it has seen: a library in use changes all the time.
 * - Something changed in the folder of a server that runs, which is no backup: pass, with what was seen; that nothing of it
 *   was the drill's is then listed as not tested, unless it was shown. Gone: unknown, unless it was shown.
 * - A request that is no read was tried: fail, although it was not let through.
 * - A place could not be listed: unknown.
 */
export function sourceUntouched(): Check {
  return {
    name: 'source-untouched',
    component: 'all',
    proves: 'The backups are as they were before the drill: nothing of it has written to them.',
    judge: judgeSource,
  };
}

async function judgeSource(evidence: Evidence): Promise<Judgement> {
  const seen: Seen = {
    ...{ places: 0, entries: 0, bytes: 0, harmed: 0, byOthers: 0, changedInUse: 0, goneInUse: 0, appeared: 0 },
    gaps: [],
    harm: [],
    rest: [],
  };
  if (evidence.places.length === 0) seen.gaps.push('nobody listed the places of the backups');
  for (const place of evidence.places) await judgePlace(evidence, place, seen);
  for (const { to, refused, refusedCount } of evidence.requests) {
    seen.harmed += refusedCount;
    for (const request of refused)
      note(seen.harm, {
        subject: `request to ${to}`,
        expected: 'GET or HEAD',
        actual: `${request}, which was not let through`,
      });
  }
  const words = [asItWas(seen), ...differencesOf(seen), ...requestsOf(evidence)].join('; ');
  if (seen.goneInUse > 0)
    seen.gaps.push(
      `${counted(seen.goneInUse, 'entry is', 'entries are')} gone, by whoever uses the place or by this drill`,
    );
  const findings = [...seen.harm, ...seen.rest].slice(0, MOST_FINDINGS);
  const findingCount = seen.harmed + seen.byOthers + seen.changedInUse + seen.goneInUse + seen.appeared;
  const gaps = seen.gaps.length > 0 ? `${firstFew(seen.gaps)}; ` : '';
  const verdict = seen.harmed > 0 ? 'fail' : seen.gaps.length > 0 ? 'unknown' : 'pass';
  return { verdict, expected: EXPECTED, actual: `${gaps}${words}`, findings, findingCount };
}

async function judgePlace(evidence: Evidence, place: PlaceRecord, seen: Seen): Promise<void> {
  const { id, guard, inUse, trouble } = place;
  const before = evidence.list('before', place.evidence, 'place');
  const after = evidence.list('after', place.evidence, 'place');
  if (trouble !== undefined || !before || !after) {
    seen.gaps.push(`${id} was ${trouble ?? 'not listed both times'}`);
    return;
  }
  seen.places += 1;
  for await (const difference of comparePlaces(before, after, seen)) {
    const isUnproved = difference.kind !== 'appeared' && guard === undefined;
    const isHarm = isUnproved && inUse === undefined;
    if (difference.kind === 'appeared') seen.appeared += 1;
    else if (isHarm) seen.harmed += 1;
    else if (isUnproved && difference.kind === 'gone') seen.goneInUse += 1;
    else if (isUnproved) seen.changedInUse += 1;
    else seen.byOthers += 1;
    note(isHarm ? seen.harm : seen.rest, findingOf(difference, place));
  }
}

function findingOf({ kind, path, before, after }: Difference, { id, guard, inUse }: PlaceRecord): Finding {
  const user = inUse === undefined ? '' : `, in the folder of ${inUse}`;
  const who = guard === undefined ? user : `, by somebody else: to this drill it was ${guard}`;
  const subject = path === '' ? id : `${path} in ${id}`;
  return {
    subject,
    expected: before,
    actual: kind === 'appeared' ? `${after}, which appeared meanwhile${who}` : `${after}${who}`,
  };
}

function note(findings: Finding[], finding: Finding): void {
  if (findings.length < MOST_FINDINGS) findings.push(finding);
}

function asItWas({ entries, places, bytes }: Seen): string {
  return `${counted(entries, 'entry', 'entries')} of ${counted(places, 'place')} the same before and after, ${(bytes / MIB).toFixed(1)} MiB of them compared byte by byte`;
}

function differencesOf({ harmed, byOthers, changedInUse, appeared }: Seen): string[] {
  return [
    ...(harmed > 0
      ? [`${counted(harmed, 'change')} while the drill ran: either this drill or somebody else wrote to it`]
      : []),
    ...(byOthers > 0 ? [`${counted(byOthers, 'change')} by somebody else meanwhile`] : []),
    ...(changedInUse > 0 ? [`${counted(changedInUse, 'change')} in a folder in use, as is to be expected`] : []),
    ...(appeared > 0 ? [`${counted(appeared, 'entry', 'entries')} appeared meanwhile`] : []),
  ];
}

function requestsOf({ requests }: Evidence): string[] {
  return requests.map(({ to, methods }) => {
    const all = Object.entries(methods).map(([method, count]) => `${count} ${method}`);
    return `requests to ${to}: ${all.join(', ') || 'none'}`;
  });
}
