import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { CacheKey } from '../model/manifest.ts';
import { joinUnique } from './join/join-sorted.ts';
import { MovingMarks } from './judging/moving-marks.ts';
import { observedTwice } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { instantMs } from './judging/timeline.ts';
import { counted } from './judging/wording.ts';

/** Redis turns times to live into times of day and back, which moves them a little. */
const EXPIRY_TOLERANCE_MS = 1_000;

/** Judges that a Redis database has the keys that it had, with their values and the times when they expire. */
export function keys(component: string): Check {
  return {
    name: 'keys',
    component,
    proves: `Every key of ${component} is back with its type, its value and its time to live, and no other key is there.`,
    judge: (evidence) => judgeKeys(evidence, component),
  };
}

async function judgeKeys(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const lists = observedTwice(evidence, tally, component, 'keys');
  const totals = { compared: 0, expired: 0 };
  if (lists) {
    const marks = new MovingMarks(evidence, tally, component);
    const lookedMs = lastLookMs(evidence);
    for await (const { key, left, right } of joinUnique(lists.before, lists.after, (entry) => entry.key)) {
      if (left) totals.compared += 1;
      const isMark = marks.has(key);
      const isExcused = isMark && (right !== undefined || !marks.isDue(key));
      if (isMark) marks.settle(key);
      if (isExcused || (left && right && sameKey(left, right))) continue;
      if (left && !right && left.expiresAtMs >= 0 && left.expiresAtMs <= lookedMs) totals.expired += 1;
      else tally.wrong(`key ${key}`, left ? describeKey(left) : 'no such key', right ? describeKey(right) : 'missing');
    }
    for (const key of marks.due()) tally.wrong(`key ${key}`, 'a key written before the backup', 'missing');
    if (totals.compared === 0) tally.gap(`no key of ${component} was recorded before the backup`);
    else if (totals.compared === totals.expired)
      tally.gap(`every key of ${component} has expired since it was recorded`);
  }
  const actual = `${counted(totals.compared, 'key')} compared, ${tally.count} differ`;
  return tally.judgement('the same keys', totals.expired > 0 ? `${actual}, ${totals.expired} have expired` : actual);
}

function lastLookMs(evidence: Evidence): number {
  const observe = evidence.phases.observe;
  return observe ? instantMs(observe.endedAt) : Number.NEGATIVE_INFINITY;
}

function sameKey(a: CacheKey, b: CacheKey): boolean {
  const sameExpiry =
    a.expiresAtMs < 0 || b.expiresAtMs < 0
      ? a.expiresAtMs === b.expiresAtMs
      : Math.abs(a.expiresAtMs - b.expiresAtMs) <= EXPIRY_TOLERANCE_MS;
  return sameExpiry && a.type === b.type && a.digest === b.digest;
}

function describeKey(key: CacheKey): string {
  const expiry = key.expiresAtMs < 0 ? 'never expires' : `expires at ${new Date(key.expiresAtMs).toISOString()}`;
  return `${key.type}, ${expiry}, digest ${key.digest}`;
}
