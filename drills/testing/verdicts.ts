import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Finding } from '../../harness/model/check.ts';
import type { CheckResult, RunResult } from '../../harness/model/result.ts';

/** What a check of that name said: `files`, or `files of config` where several components have one. */
export function checkOf(result: RunResult, name: string): CheckResult {
  const [check, component] = name.split(' of ');
  const found = result.checks.filter((one) => one.name === check && (!component || one.component === component));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} checks are called "${name}"`);
  return only;
}

/** All that a check found wrong, by name and in order, from the evidence of a run whose folder is still there. */
export function allSubjects(result: RunResult, name: string): string[] {
  const lines = readFileSync(join(result.run.folder, checkOf(result, name).evidence), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as Finding).subject);
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
