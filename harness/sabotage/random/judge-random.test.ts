import { expect, it } from 'vitest';
import type { Failure, RunResult } from '../../model/result.ts';
import { judgeRandom } from './judge-random.ts';

function resultOf(failures: Partial<Failure>[], checks: unknown[] = []): RunResult {
  const whole = failures.map((one) => ({ phase: 'restore', component: 'library', message: 'said', ...one }));
  return { verdict: 'unknown', exitCode: 2, failures: whole, checks } as unknown as RunResult;
}

it('counts as caught what blames the backup', () => {
  expect(judgeRandom(resultOf([{ code: 'job-failed', verdict: 'fail' }]), 'library')).toEqual({
    ...{ outcome: 'caught', said: 'restore of library' },
  });
});

it.each(['disk-full', 'source-unreachable', 'tool-killed', 'service-lost', 'connection-lost'])(
  'knows nothing when %s was in the way',
  (code) => {
    expect(judgeRandom(resultOf([{ code, verdict: 'unknown' }]), 'library')).toMatchObject({ outcome: 'inconclusive' });
  },
);

it('counts a check that failed beside it', () => {
  const check = { name: 'files', component: 'library', verdict: 'fail' };
  expect(judgeRandom(resultOf([{ code: 'disk-full', verdict: 'unknown' }], [check]), 'library')).toMatchObject({
    outcome: 'caught',
  });
});

it('counts a harness that broke as missed', () => {
  expect(judgeRandom({ ...resultOf([]), exitCode: 70 }, 'library')).toMatchObject({ outcome: 'missed' });
});
