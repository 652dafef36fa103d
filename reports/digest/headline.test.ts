import { describe, expect, test } from 'vitest';
import type { Phase, RunResult } from '../../harness/model/result.ts';
import { samples } from '../samples/samples.ts';
import { headlineOf } from './headline.ts';

function stoppedIn(phase: Phase): RunResult {
  const failures = samples.harnessFailure.failures.map((failure) => ({ ...failure, phase, verdict: 'fail' as const }));
  return { ...samples.harnessFailure, verdict: 'fail', exitCode: 1, failures };
}

describe('the headline', () => {
  test('only objectives missed is not told as data lost', () => {
    const checks = samples.failed.checks.map((check) =>
      check.component === 'library' ? { ...check, verdict: 'pass' as const } : check,
    );
    expect(headlineOf({ ...samples.failed, checks }).sentence).toBe(
      'The data came back, but not as promised: 1 objective missed.',
    );
    const doubt = checks.map((check) =>
      check.component === 'redis' ? { ...check, verdict: 'unknown' as const } : check,
    );
    expect(headlineOf({ ...samples.failed, checks: doubt }).sentence).not.toContain('The data came back');
  });

  test.each([
    ['backup', 'The backup could not be made (database). Do not rely on it.'],
    ['restore', 'The backup could not be restored (database). Do not rely on it.'],
    ['observe', 'The drill stopped in the phase "observe" (database). Do not rely on it.'],
  ] as const)('a run that stopped in %s says so', (phase, sentence) => {
    expect(headlineOf(stoppedIn(phase))).toEqual({ outcome: 'fail', word: 'FAIL', sentence });
  });

  test('usage errors say that nothing was tested', () => {
    const result = { ...samples.empty, exitCode: 64 };
    expect(headlineOf(result).sentence).toContain('Nothing was tested.');
  });
});
