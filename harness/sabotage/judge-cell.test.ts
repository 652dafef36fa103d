import { expect, it } from 'vitest';
import type { CheckResult, Failure, RunResult } from '../model/result.ts';
import { complaintsOf, gotThrough, type Judged, withoutCheck } from './judge-cell.ts';

const CHECK: CheckResult = {
  name: 'files',
  component: 'library',
  proves: '',
  verdict: 'fail',
  expected: '',
  actual: '1 difference',
  findings: [],
  findingCount: 1,
  evidence: '',
};
const FAILURE: Failure = {
  phase: 'restore',
  component: 'library',
  code: 'job-failed',
  message: 'restic ended with exit code 12',
  next: '',
  tail: 'wrong password',
  verdict: 'fail',
};

function judged(checks: Partial<CheckResult>[], failures: Partial<Failure>[], harmed: string[]): Judged {
  const result = {
    checks: checks.map((one) => ({ ...CHECK, ...one })),
    failures: failures.map((one) => ({ ...FAILURE, ...one })),
  } as unknown as RunResult;
  const complaints = complaintsOf(result, ['check files', 'phase restore'], harmed, () => 'upload/a.jpg');
  return { harmed, complaints, verdict: complaints.length === 0 ? 'pass' : 'fail' };
}

it('is caught by what was expected to catch it, when that names the harm', () => {
  expect(gotThrough(judged([{}], [], ['upload/a.jpg']))).toBe('');
  expect(gotThrough(judged([], [{}], ['wrong password']))).toBe('');
  expect(gotThrough(judged([{}], [{}], ['upload/a.jpg', 'wrong password']))).toBe('');
});

it('gets through a run that passes, a judge that was not expected, and one that does not say what is wrong', () => {
  expect(gotThrough(judged([{ verdict: 'pass' }], [], ['upload/a.jpg']))).toBe('the run passed');
  expect(gotThrough(judged([{ name: 'rows', component: 'database' }], [], ['upload/a.jpg']))).toMatch(
    /none of those .* what spoke was rows of database/,
  );
  expect(gotThrough(judged([{}], [], ['upload/b.jpg']))).toBe('files of library did not name upload/b.jpg');
  expect(gotThrough(judged([{}], [], []))).toMatch(/no harm/);
});

it('is not caught by a check that could not look, nor by a harness that broke', () => {
  expect(gotThrough(judged([{ verdict: 'unknown' }], [], ['upload/a.jpg']))).toMatch(/none of those/);
  expect(gotThrough(judged([], [{ verdict: 'harness' }], ['wrong password']))).toMatch(/none of those/);
});

it('is not caught by surroundings that failed by themselves, unless these are what was ruined', () => {
  const result = {
    checks: [],
    failures: [{ ...FAILURE, verdict: 'unknown', code: 'server-troubled' }],
  } as unknown as RunResult;
  const [byItself] = complaintsOf(result, ['phase restore'], ['library'], () => '');
  const [ruined] = complaintsOf(result, ['phase restore'], ['library'], () => '', true);
  expect([byItself?.expected, ruined?.expected]).toEqual([false, true]);
});

it('gets through without the only check that saw it, and does not without one of two', () => {
  const alone = judged([{}], [], ['upload/a.jpg']);
  expect(gotThrough(withoutCheck(alone, 'files of library'))).toBe('the run passed');
  expect(gotThrough(withoutCheck(alone, 'rows of database'))).toBe('');
  expect(gotThrough(withoutCheck(judged([{}], [{}], ['library']), 'files of library'))).toBe('');
});
