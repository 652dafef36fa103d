import type { RunResult } from '../../../../model/result.ts';

/** What went wrong: checks by name and component, and `restore` for a restore that failed. */
export function complaintsOf(result: RunResult): string[] {
  const failed = result.checks.filter(({ verdict }) => verdict === 'fail');
  const restores = result.failures.length > 0 ? ['restore'] : [];
  return [...failed.map(({ name, component }) => `${name} of ${component}`), ...restores].toSorted();
}

/** What a check says that it has seen. */
export function saidBy(result: RunResult, check: string): string {
  return result.checks.find(({ name }) => name === check)?.actual ?? '';
}

/** Everything that a run says of what is wrong. */
export function saidOf(result: RunResult): string {
  const findings = result.checks.flatMap((check) => check.findings);
  const failures = result.failures.map(({ message, tail }) => `${message} ${tail}`);
  return [
    ...findings.map(({ subject, expected, actual }) => `${subject}: expected ${expected}, found ${actual}`),
    ...failures,
  ].join('\n');
}
