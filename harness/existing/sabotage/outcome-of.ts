import type { OwnOutcome } from '../../model/own-sabotage-result.ts';
import type { CheckResult, Failure, RunResult } from '../../model/result.ts';

const SAID_LONGEST = 300;

/** Who spoke first, and what was said. */
export interface Said {
  readonly by: string;
  readonly said: string;
}

/** What the drill of a ruined copy came to: only a clear no is a catch. */
export function outcomeOf({ verdict, exitCode }: Pick<RunResult, 'verdict' | 'exitCode'>): OwnOutcome {
  if (verdict === 'pass' && exitCode === 0) return 'missed';
  return verdict === 'fail' && exitCode === 1 ? 'caught' : 'noticed';
}

/** The first that did not let the run pass: who says no before who cannot tell, what broke before what was judged. */
export function firstSaid({ failures, checks }: Pick<RunResult, 'failures' | 'checks'>): Said {
  const failed = failures.find(({ verdict }) => verdict === 'fail');
  if (failed) return ofFailure(failed);
  const check = checks.find(({ verdict }) => verdict === 'fail');
  if (check) return ofCheck(check);
  const [failure] = failures;
  if (failure) return ofFailure(failure);
  const doubt = checks.find(({ verdict }) => verdict === 'unknown');
  return doubt ? ofCheck(doubt) : { by: '', said: '' };
}

function ofFailure({ phase, component, message }: Failure): Said {
  return { by: [phase, component ?? []].flat().join(' of '), said: message.slice(0, SAID_LONGEST) };
}

function ofCheck({ name, component, actual, findings: [finding] }: CheckResult): Said {
  const said = finding ? `${finding.subject}: expected ${finding.expected}, found ${finding.actual}` : actual;
  return { by: `${name} of ${component}`, said: said.slice(0, SAID_LONGEST) };
}
