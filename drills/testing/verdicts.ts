import { expect } from 'vitest';
import type { CheckResult, RunResult } from '../../harness/model/result.ts';

/** What a check of that name said: `files`, or `files of config` where several components have one. */
export function checkOf(result: RunResult, name: string): CheckResult {
  const [check, component] = name.split(' of ');
  const found = result.checks.filter((one) => one.name === check && (!component || one.component === component));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} checks are called "${name}"`);
  return only;
}

/** The first twenty things that a check found wrong, by name and in order. */
export function subjectsOf(result: RunResult, name: string): string[] {
  return checkOf(result, name).findings.map(({ subject }) => subject);
}

/** The run went through and failed with exit code 1, by these checks and by no others. */
export function expectFailed(result: RunResult, checks: readonly string[]): void {
  expect(result.failures).toEqual([]);
  const failed = result.checks.filter(({ verdict }) => verdict === 'fail');
  expect(failed.map(({ name, component }) => `${name} of ${component}`).toSorted()).toEqual(checks.toSorted());
  expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
}
