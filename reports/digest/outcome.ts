import type { CheckResult, Failure, RunResult } from '../../harness/model/result.ts';
import { combineVerdicts, type Verdict } from '../../harness/model/verdict.ts';

/** How a run ended: with a verdict on the backups, or without one. */
export type Outcome = Failure['verdict'];

const ENDED: Readonly<Record<number, Outcome>> = { 64: 'usage', 70: 'harness', 130: 'interrupted' };
const WORDS: Readonly<Record<Outcome, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  harness: 'UNKNOWN',
  interrupted: 'UNKNOWN',
  usage: 'UNKNOWN',
};
const OBJECTIVE = /(^|[^a-z])(objectives?|rto|rpo)([^a-z]|$)/i;

/** How a run ended. Stricter than `verdict`: a pass over a red check, over no check at all or with another exit code is none. */
export function outcomeOf(result: RunResult): Outcome {
  const verdict = strictVerdict(result);
  if (verdict === 'fail') return 'fail';
  const ended = ENDED[result.exitCode];
  if (ended) return ended;
  return verdict === 'pass' && result.exitCode === 0 ? 'pass' : 'unknown';
}

function strictVerdict(result: RunResult): Verdict {
  const judged = combineVerdicts(result.checks.map((check) => check.verdict));
  return combineVerdicts([result.verdict, judged]);
}

/** The one word that a report begins with. */
export function outcomeWord(outcome: Outcome): string {
  return WORDS[outcome];
}

/** Whether a check judges times against objectives, and not data. */
export function judgesObjective(check: CheckResult): boolean {
  return OBJECTIVE.test(check.name);
}

/** The checks that did not pass, failed ones first. */
export function redChecks(result: RunResult): CheckResult[] {
  const of = (verdict: Verdict) => result.checks.filter((check) => check.verdict === verdict);
  return [...of('fail'), ...of('unknown')];
}
