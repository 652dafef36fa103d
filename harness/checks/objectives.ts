import type { Check, Evidence, Judgement } from '../model/check.ts';
import { formatDuration } from '../model/duration.ts';
import type { Measured } from '../model/result.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges the measured RTO and RPO, of the whole and of each component, against the objectives that were set. */
export function objectives(): Check {
  return {
    name: 'objectives',
    component: 'all',
    proves: 'The restore was as fast, and lost as little, as the objectives demand.',
    judge: async (evidence) => judgeObjectives(evidence),
  };
}

function judgeObjectives(evidence: Evidence): Judgement {
  const tally = new Tally();
  let judged = 0;
  for (const [subject, { seconds, objectiveSeconds }] of measurements(evidence)) {
    if (objectiveSeconds === null) continue;
    judged += 1;
    if (seconds === null) tally.gap(`${subject} was not measured`);
    else if (seconds > objectiveSeconds) {
      tally.wrong(subject, `at most ${formatDuration(objectiveSeconds)}`, formatDuration(seconds));
    }
  }
  if (judged === 0) return tally.judgement('objectives met', 'no objective was set');
  return tally.judgement('every objective met', `${counted(judged, 'objective')}, ${tally.count} missed`);
}

function* measurements({ rto, rpo }: Evidence): Generator<readonly [string, Measured]> {
  yield ['RTO', rto];
  for (const [component, measured] of Object.entries(rto.components)) yield [`RTO of ${component}`, measured];
  yield ['RPO', rpo];
  for (const [component, measured] of Object.entries(rpo.components)) yield [`RPO of ${component}`, measured];
}
