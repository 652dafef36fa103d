import { Status } from 'allure-js-commons';
import type { CheckResult, RunResult } from '../../harness/model/result.ts';
import { judgesObjective, type Outcome, outcomeOf } from '../digest/outcome.ts';

/** The words that messages begin with, so that Allure can sort failures by them. */
export const KINDS = {
  data: 'Data mismatch',
  objective: 'Objective missed',
  stopped: 'Backup or restore failed',
  unknown: 'Could not be verified',
  harness: 'Harness failure or interruption',
} as const;

export type Kind = keyof typeof KINDS;

const STATUSES: Readonly<Record<Kind, Status>> = {
  data: Status.FAILED,
  objective: Status.FAILED,
  stopped: Status.FAILED,
  unknown: Status.BROKEN,
  harness: Status.BROKEN,
};

const OUTCOMES: Readonly<Record<Outcome, Status>> = {
  pass: Status.PASSED,
  fail: Status.FAILED,
  unknown: Status.BROKEN,
  harness: Status.BROKEN,
  interrupted: Status.BROKEN,
  usage: Status.BROKEN,
};

/** A category as Allure reads it, from `categories.json` and from its configuration. */
export interface AllureCategory {
  readonly name: string;
  readonly matchedStatuses: Status[];
  readonly messageRegex: string;
}

/** One category a kind. */
export function allureCategories(): AllureCategory[] {
  return Object.entries(KINDS).map(([kind, name]) => ({
    name,
    matchedStatuses: [STATUSES[kind as Kind]],
    messageRegex: `^${name}:[\\s\\S]*`,
  }));
}

/** Allure's status of an outcome: whatever could not be verified is broken, never skipped. */
export function statusOf(outcome: Outcome): Status {
  return OUTCOMES[outcome];
}

/** The kind of trouble that a red check is. */
export function kindOfCheck(check: CheckResult): Kind {
  if (check.verdict === 'unknown') return 'unknown';
  return judgesObjective(check) ? 'objective' : 'data';
}

/** The kind of trouble that a run is that did not pass. */
export function kindOfRun(result: RunResult): Kind {
  const outcome = outcomeOf(result);
  if (outcome === 'unknown') return 'unknown';
  if (outcome !== 'fail') return 'harness';
  const red = result.checks.filter((check) => check.verdict === 'fail');
  if (red.length === 0) return 'stopped';
  return red.every(judgesObjective) ? 'objective' : 'data';
}
