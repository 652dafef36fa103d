import type { Check, Evidence, Judgement } from '../model/check.ts';
import { Tally } from './judging/tally.ts';
import { newestReceipt, protectedComponents } from './judging/timeline.ts';
import { counted } from './judging/wording.ts';

/** Judges that deleting old backups spared the newest one; only for drills with retention. */
export function retention(): Check {
  return {
    name: 'retention',
    component: 'all',
    proves: 'Retention kept the newest backup of every component.',
    judge: async (evidence) => judgeRetention(evidence),
  };
}

function judgeRetention(evidence: Evidence): Judgement {
  const tally = new Tally();
  const components = protectedComponents(evidence);
  if (!evidence.retained) tally.gap('no retention ran');
  if (components.length === 0) tally.gap('no component has a backup path');
  for (const component of evidence.retained ? components : []) {
    const newest = newestReceipt(evidence, component);
    const kept = evidence.retained?.[component];
    if (!newest) tally.wrong(component, 'a backup', 'no receipt of one');
    else if (!kept) tally.gap(`retention did not say what it kept of ${component}`);
    else if (!kept.includes(newest.id)) {
      tally.wrong(
        `${component}: backup ${newest.id}`,
        'kept, as the newest',
        `deleted; kept: ${kept.join(', ') || 'none'}`,
      );
    }
  }
  return tally.judgement(
    'the newest backup kept',
    `${counted(components.length, 'component')} looked at, ${tally.count} lost it`,
  );
}
