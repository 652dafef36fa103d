import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { STATE } from '../serving.ts';

/** Judges that nothing in the database keeps people out of an Immich that is started on it. */
export function serving(component: string): Check {
  return {
    name: 'state',
    component,
    proves: 'Nothing that was restored keeps people out: no maintenance mode, no onboarding anew, somebody can log in.',
    judge: (evidence) => judgeStates(evidence, component),
  };
}

async function judgeStates(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  let looked = 0;
  for await (const { kind, id, ok, saw } of observed(evidence, tally, 'after', component, 'sightings') ?? []) {
    if (kind !== STATE) continue;
    looked += 1;
    if (!ok) tally.wrong(id.slice(STATE.length + 1), 'one that lets people in', saw);
  }
  if (looked === 0) tally.gap('no state was looked at');
  return tally.judgement('a state that lets people in', `${counted(looked, 'state')} looked at, ${tally.count} shut`);
}
