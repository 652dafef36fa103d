import { describe, expect, it } from 'vitest';
import { DrillError } from '../model/error.ts';
import { describeFailure } from './failure.ts';

describe('describeFailure', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    '57P01',
    '57P02',
    '57P03',
    '08006',
    '53100',
    '53200',
    '53300',
    'ENOSPC',
    'EROFS',
  ])('puts %s down to the surroundings, also as a cause of something else', (code) => {
    const error = Object.assign(new Error('said'), { code });
    for (const one of [error, new Error('outer', { cause: error })])
      expect(describeFailure(one, { phase: 'observe', crashedServices: [], interrupted: false }).verdict).toBe(
        'unknown',
      );
  });

  it('puts a connection that was cut without a code down to the surroundings, and a bug to the harness', () => {
    const told = (error: Error) =>
      describeFailure(error, { phase: 'observe', crashedServices: [], interrupted: false });
    expect(told(new Error('Connection terminated unexpectedly'))).toMatchObject({ verdict: 'unknown' });
    expect(told(new TypeError('x is not a function'))).toMatchObject({ verdict: 'harness', code: 'harness-error' });
  });

  const backup = new DrillError({
    code: 'job-failed',
    where: 'job/x',
    what: 'restic ended.',
    next: 'look.',
    blame: 'backup',
  });

  it('makes a failing tool a fail, unless a server had died under it or somebody interrupted', () => {
    const circumstances = { phase: 'backup', crashedServices: [], interrupted: false } as const;
    expect(describeFailure(backup, circumstances).verdict).toBe('fail');
    expect(
      describeFailure(backup, { ...circumstances, crashedServices: ['versitygw ended by SIGKILL'] }),
    ).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('versitygw ended by SIGKILL'),
    });
    expect(describeFailure(backup, { ...circumstances, interrupted: true }).verdict).toBe('interrupted');
  });

  it('blames the disk for a full disk, and the harness for what nobody foresaw', () => {
    const circumstances = { phase: 'seed', crashedServices: [], interrupted: false } as const;
    expect(describeFailure(Object.assign(new Error('x'), { code: 'ENOSPC' }), circumstances)).toMatchObject({
      code: 'disk-full',
      verdict: 'unknown',
    });
    expect(describeFailure(new TypeError('x is not a function'), circumstances).verdict).toBe('harness');
  });
});
