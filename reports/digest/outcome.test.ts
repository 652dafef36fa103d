import { describe, expect, test } from 'vitest';
import { samples } from '../samples/samples.ts';
import { judgesObjective, outcomeOf, redChecks } from './outcome.ts';

describe('the outcome of a run', () => {
  test.each([
    ['passed', 'pass'],
    ['failed', 'fail'],
    ['unknown', 'unknown'],
    ['harnessFailure', 'harness'],
    ['interrupted', 'interrupted'],
    ['empty', 'unknown'],
  ] as const)('"%s" is %s', (kind, outcome) => {
    expect(outcomeOf(samples[kind])).toBe(outcome);
  });

  test('a pass is none over a red check, over no check, or with another exit code', () => {
    expect(outcomeOf({ ...samples.passed, checks: samples.failed.checks })).toBe('fail');
    expect(outcomeOf({ ...samples.passed, checks: samples.unknown.checks })).toBe('unknown');
    expect(outcomeOf({ ...samples.passed, checks: [] })).toBe('unknown');
    expect(outcomeOf({ ...samples.passed, exitCode: 70 })).toBe('harness');
    expect(outcomeOf({ ...samples.passed, exitCode: 2 })).toBe('unknown');
  });

  test('a loss that was proved stays one, however the run ended', () => {
    expect(outcomeOf({ ...samples.failed, exitCode: 130 })).toBe('fail');
  });

  test('objectives are told from data by the name of the check', () => {
    const named = (name: string) =>
      judgesObjective({ ...samples.passed.checks[0], name } as (typeof samples.passed.checks)[0]);
    expect(['objectives', 'rto', 'library-rpo', 'objective.rto'].map(named)).toEqual([true, true, true, true]);
    expect(['files', 'rows', 'report', 'corporate'].map(named)).toEqual([false, false, false, false]);
  });

  test('failed checks come before those that could not look', () => {
    const checks = [...samples.unknown.checks, ...samples.failed.checks];
    expect(redChecks({ ...samples.failed, checks }).map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'unknown']);
  });
});
