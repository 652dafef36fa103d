import { expect, it } from 'vitest';
import type { OwnOutcome, OwnWay } from '../../model/own-sabotage-result.ts';
import type { CheckResult, Failure, RunResult } from '../../model/result.ts';
import { composeOwn } from './compose-own.ts';
import type { Found } from './judge-all.ts';
import type { OwnSabotage } from './own-sabotage.ts';

const HEALTHY = { passed: true, verdict: 'pass', why: '', seconds: 1, run: '' } as const;
const UNTOUCHED = { name: 'source-untouched', component: 'all', verdict: 'pass', actual: 'as it was' } as CheckResult;
const FAILURE = { code: 'copy-too-large', message: 'it is too large', verdict: 'usage' } as Failure;

/** Only what is read of the run that fetched the copy. */
function composed(outcomes: readonly OwnOutcome[], run: Partial<RunResult> = {}, found: Partial<Found> = {}) {
  const ways = outcomes.map((outcome, index) => ({ name: `way-${index}`, outcome }) as OwnWay);
  const planned = ways.map(({ name }) => ({ name }) as OwnSabotage);
  const about = { id: 'sabotage-1', drill: 'mine', folder: '/runs', startedAt: new Date(), planned };
  const all: Found = { healthy: HEALTHY, ways: ways.toReversed(), leftOut: [], troubles: [], ...found };
  return composeOwn(about, all, { failures: [], checks: [UNTOUCHED], exitCode: 0, ...run } as RunResult);
}

it('counts what was caught alone, in the order in which the ways were planned', () => {
  const result = composed(['caught', 'missed', 'noticed', 'caught']);
  expect(result).toMatchObject({ total: 4, caught: 2, missed: 1, noticed: 1, killScore: 50, exitCode: 1, trouble: '' });
  expect(result.ways.map(({ name }) => name)).toEqual(['way-0', 'way-1', 'way-2', 'way-3']);
});

it('is green only when every way was caught and the backup was left as it was', () => {
  expect(composed(['caught']).exitCode).toBe(0);
  expect(composed(['caught', 'noticed']).exitCode).toBe(2);
  expect(composed([]).exitCode).toBe(2);
  expect(composed(['caught'], {}, { troubles: ['way-9 could not be tried: no room'] }).exitCode).toBe(2);
  const touched = composed(['caught'], {
    checks: [{ ...UNTOUCHED, verdict: 'fail', actual: 'a is gone' }],
    exitCode: 1,
  });
  expect(touched).toMatchObject({ exitCode: 1, trouble: 'source-untouched: a is gone' });
});

it('says what kept it from measuring anything, by the exit code as ever', () => {
  expect(composed([], { failures: [FAILURE], exitCode: 64 })).toMatchObject({
    ...{ exitCode: 64, killScore: null, trouble: 'it is too large' },
  });
  expect(composed(['missed'], { exitCode: 130 }).exitCode).toBe(130);
  const ill = { ...HEALTHY, passed: false, why: 'originals of library: one is missing' };
  expect(composed([], {}, { healthy: ill })).toMatchObject({
    exitCode: 2,
    trouble: expect.stringContaining('does not pass'),
  });
});
