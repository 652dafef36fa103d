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

  test('a sample is not the whole', () => {
    const [first, ...others] = samples.passed.backups;
    const backups = first ? [{ ...first, details: { ...first.details, sampled: 2_000 } }, ...others] : [];
    const { sentence } = headlineOf({ ...samples.passed, backups });
    expect(sentence).toMatch(/^A sample of 2,000 files of Immich 3\.1\.0 came back right: 19 of 19 checks passed\./);
    expect(sentence).not.toMatch(/whole/);
  });

  test('an upgrade says where it can be taken, and when not', () => {
    const drill = { ...samples.passed.drill, disaster: 'upgrade' };
    const facts = { 'rehearsed version': 'v3.2.0', 'seconds until it served': 12, 'answered by': 'immich:v3.2.0' };
    expect(headlineOf({ ...samples.passed, drill, facts }).sentence).toBe(
      'Immich 3.1.0 can be taken to v3.2.0: 19 of 19 checks passed. It served after 12 s (answered by immich:v3.2.0).',
    );
    expect(headlineOf({ ...samples.failed, drill }).sentence).toMatch(/^Do not upgrade yet: /);
    const checks = samples.failed.checks.map((check) => ({ ...check, name: 'restored' }));
    expect(headlineOf({ ...samples.failed, drill, checks }).sentence).toMatch(/^Do not rely on these backups: /);
  });

  test.each([
    ['backup', 'The backup could not be made (database). Do not rely on it.'],
    ['restore', 'The backup could not be restored (database). Do not rely on it.'],
    ['observe', 'The drill stopped in the phase "read back" (database). Do not rely on it.'],
  ] as const)('a run that stopped in %s says so', (phase, sentence) => {
    expect(headlineOf(stoppedIn(phase))).toEqual({ outcome: 'fail', word: 'FAIL', sentence });
  });

  test('usage errors say that nothing was tested', () => {
    const result = { ...samples.empty, exitCode: 64 };
    expect(headlineOf(result).sentence).toContain('Nothing was tested.');
  });
});
