import type { Check, Evidence, Judgement } from '../model/check.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges that what the disaster struck was really gone before anything was restored. */
export function gone(): Check {
  return {
    name: 'gone',
    component: 'all',
    proves: 'What the disaster struck was gone before the restore began.',
    judge: async (evidence) => judgeGone(evidence),
  };
}

function judgeGone(evidence: Evidence): Judgement {
  const tally = new Tally();
  if (evidence.struck.length === 0) tally.gap('the disaster struck nothing');
  for (const component of evidence.struck) {
    if (evidence.absences.some((absence) => absence.component === component)) continue;
    tally.wrong(component, 'a proof that it is gone', 'nobody looked');
  }
  for (const absence of evidence.absences) {
    if (!absence.gone) tally.wrong(`${absence.component}: ${absence.looked}`, 'gone', absence.found);
  }
  const looks = counted(evidence.absences.length, 'look');
  return tally.judgement(
    'everything struck is gone',
    `${looks}, ${evidence.absences.length - still(evidence)} found it gone`,
  );
}

function still(evidence: Evidence): number {
  return evidence.absences.filter((absence) => !absence.gone).length;
}
