import { expect, it } from 'vitest';
import type { CheckResult, Failure } from '../../model/result.ts';
import { firstSaid, outcomeOf } from './outcome-of.ts';

const CHECK: CheckResult = {
  ...{ name: 'originals', component: 'library', proves: 'It is there.', expected: 'all', evidence: '' },
  ...{ verdict: 'fail', actual: '1 bad of 9', findingCount: 1 },
  findings: [{ subject: 'asset 7', expected: 'a file', actual: 'missing' }],
};
const FAILURE: Failure = {
  ...{ phase: 'restore', component: 'database', code: 'job-failed', message: 'gzip: unexpected end of file' },
  ...{ next: '', tail: '', verdict: 'fail' },
};

it('only a clear no is a catch, and only a clear yes is a miss', () => {
  expect(outcomeOf({ verdict: 'fail', exitCode: 1 })).toBe('caught');
  expect(outcomeOf({ verdict: 'pass', exitCode: 0 })).toBe('missed');
  expect(outcomeOf({ verdict: 'unknown', exitCode: 2 })).toBe('noticed');
  expect(outcomeOf({ verdict: 'unknown', exitCode: 70 })).toBe('noticed');
});

it('what says no speaks before what cannot tell, and what broke before what was judged', () => {
  const doubt = { ...FAILURE, verdict: 'unknown' } as const;
  expect(firstSaid({ failures: [FAILURE], checks: [CHECK] }).by).toBe('restore of database');
  expect(firstSaid({ failures: [doubt], checks: [CHECK] })).toEqual({
    by: 'originals of library',
    said: 'asset 7: expected a file, found missing',
  });
  expect(firstSaid({ failures: [doubt], checks: [{ ...CHECK, verdict: 'unknown', findings: [] }] }).by).toBe(
    'restore of database',
  );
  expect(firstSaid({ failures: [], checks: [{ ...CHECK, verdict: 'unknown', findings: [] }] }).said).toBe('1 bad of 9');
  expect(firstSaid({ failures: [], checks: [{ ...CHECK, verdict: 'pass' }] })).toEqual({ by: '', said: '' });
});
