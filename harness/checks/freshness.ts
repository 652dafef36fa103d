import type { Check, Evidence, Judgement } from '../model/check.ts';
import { formatDuration, parseDuration } from '../model/duration.ts';
import { DrillError } from '../model/error.ts';
import { Tally } from './judging/tally.ts';
import { instantMs, newestReceipt, phaseStartMs, protectedComponents } from './judging/timeline.ts';
import { firstFew } from './judging/wording.ts';

const MS_PER_SECOND = 1_000;

/** Judges that the newest backup was young enough at the disaster: younger than `maxAge`, such as `24h`, or than the RPO. */
export function freshness(maxAge?: string): Check {
  const limitSeconds = maxAge === undefined ? undefined : secondsOf(maxAge);
  return {
    name: 'freshness',
    component: 'all',
    proves: 'The newest backup of every component was young enough when the disaster came.',
    judge: async (evidence) => judgeFreshness(evidence, limitSeconds),
  };
}

function judgeFreshness(evidence: Evidence, maxAgeSeconds: number | undefined): Judgement {
  const tally = new Tally();
  const struckMs = phaseStartMs(evidence, 'strike');
  const components = protectedComponents(evidence);
  if (struckMs === undefined) tally.gap('nothing says when the disaster came');
  if (components.length === 0) tally.gap('no component has a backup path');
  const ages: string[] = [];
  for (const component of struckMs === undefined ? [] : components) {
    const limit = maxAgeSeconds ?? objectiveFor(evidence, component);
    const newest = newestReceipt(evidence, component);
    if (!newest || struckMs === undefined) {
      tally.wrong(component, 'a backup before the disaster', 'no receipt of one');
      continue;
    }
    const age = (struckMs - instantMs(newest.endedAt)) / MS_PER_SECOND;
    const subject = `${component}: backup ${newest.id}`;
    if (age < 0) tally.wrong(subject, 'ended before the disaster', `ended ${formatDuration(-age)} after it`);
    else if (limit !== null && age > limit)
      tally.wrong(subject, `at most ${formatDuration(limit)} old`, formatDuration(age));
    ages.push(`${component} ${formatDuration(Math.abs(age))}${limit === null ? ' (no limit set)' : ''}`);
  }
  return tally.judgement('a young enough backup of every component', `age at the disaster: ${firstFew(ages, 10)}`);
}

function objectiveFor(evidence: Evidence, component: string): number | null {
  return evidence.rpo.components[component]?.objectiveSeconds ?? evidence.rpo.objectiveSeconds;
}

function secondsOf(maxAge: string): number {
  const seconds = parseDuration(maxAge);
  if (seconds !== undefined) return seconds;
  throw new DrillError({
    code: 'duration-unreadable',
    where: 'check/freshness',
    what: `The greatest age should be a duration such as 24h, but it is ${JSON.stringify(maxAge)}.`,
    next: 'Write it as a number with ms, s, m, h or d.',
    blame: 'usage',
  });
}
