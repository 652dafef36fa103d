import type { Check, Evidence, Judgement } from '../model/check.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges that no secret lies readable in the bucket. */
export function secretsSealed(): Check {
  return {
    name: 'secrets-sealed',
    component: 'all',
    proves: 'No secret of the workload can be read in what was stored.',
    judge: async (evidence) => judgeSecrets(evidence),
  };
}

function judgeSecrets(evidence: Evidence): Judgement {
  const tally = new Tally();
  if (!evidence.leaks) tally.gap('nobody searched the stored objects for secrets');
  for (const { secret, object } of evidence.leaks ?? []) {
    tally.wrong(`secret ${secret}`, 'nowhere to be read', `readable in ${object}`);
  }
  return tally.judgement('no readable secret', `${counted(tally.count, 'readable secret')} found`);
}
