import type { Check, Evidence, Judgement } from '../model/check.ts';
import { Tally } from './judging/tally.ts';

/** Judges that the workload serves again on what was restored. */
export function ready(): Check {
  return {
    name: 'ready',
    component: 'all',
    proves: 'The workload serves again on what was restored.',
    judge: async (evidence) => judgeReady(evidence),
  };
}

function judgeReady({ ready: seen }: Evidence): Judgement {
  const tally = new Tally();
  if (!seen) tally.gap('nobody asked the workload');
  else if (!seen.ready) tally.wrong('workload', 'serves again', seen.saw);
  return tally.judgement('the workload serves again', seen?.saw ?? '');
}
