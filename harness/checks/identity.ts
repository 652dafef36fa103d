import type { Check, Evidence, Judgement } from '../model/check.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges that every restore went somewhere new, so that nothing left in the old place can pass for restored. */
export function identity(): Check {
  return {
    name: 'identity',
    component: 'all',
    proves: 'Every component was restored to a new place, not over what was left of the old one.',
    judge: async (evidence) => judgeIdentity(evidence),
  };
}

function judgeIdentity(evidence: Evidence): Judgement {
  const tally = new Tally();
  if (evidence.struck.length === 0) tally.gap('nothing was struck, so nothing was restored');
  for (const component of evidence.struck) {
    const known = evidence.identities.filter((one) => one.component === component);
    if (known.length === 0) tally.gap(`nothing says where ${component} was restored to`);
    for (const { before, after } of known) {
      if (after === '') tally.gap(`${component} was not restored`);
      if (before === after) tally.wrong(component, `a place other than ${before}`, 'restored into the old place');
    }
  }
  const restored = counted(evidence.struck.length, 'component');
  return tally.judgement('new places', `${restored} restored, ${tally.count} into the old place`);
}
