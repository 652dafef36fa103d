import type { OwnOutcome, OwnSabotageResult, OwnWay } from '../../harness/model/own-sabotage-result.ts';
import { formatScore } from './grid.ts';

const INTERRUPTED = 130;
/** What is said where nobody knows a setting that would help. */
const NO_ADVICE = 'No setting of the configuration is known that would have it noticed.';

/** What got through first, then what nobody could tell, then what was caught; each in the order of its name. */
const ORDER: readonly OwnOutcome[] = ['missed', 'noticed', 'caught'];

/** All ways, those first that somebody has to do something about. */
export function waysInOrder({ ways }: OwnSabotageResult): OwnWay[] {
  return ORDER.flatMap((outcome) => ways.filter((way) => way.outcome === outcome));
}

/** The outcome in one sentence. */
export function ownSentence(result: OwnSabotageResult): string {
  const { total, caught, noticed, killScore, exitCode, healthy } = result;
  if (killScore === null) {
    if (exitCode === INTERRUPTED) return 'Interrupted before anything was ruined.';
    if (healthy && !healthy.passed)
      return 'The score cannot be measured: the copy of the backup does not pass as it is.';
    return 'The score cannot be measured: nothing was ruined.';
  }
  const missed = result.ways.filter(({ outcome }) => outcome === 'missed').map(({ name }) => name);
  const parts = [
    `${caught} of ${total} ways were caught (${formatScore(killScore)})`,
    missed.length === 0 ? 'none would go unnoticed' : `${missed.length} would go unnoticed: ${missed.join(', ')}`,
    ...(noticed > 0 ? [`${noticed} could not be told`] : []),
    ...(exitCode === INTERRUPTED ? ['then it was interrupted'] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** What would have a way noticed that was not. */
export function adviceOf({ advice }: OwnWay): string {
  return advice || NO_ADVICE;
}
