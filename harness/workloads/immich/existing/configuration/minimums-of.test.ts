import { describe, expect, it } from 'vitest';
import { SampleHistory, sampleSummary } from '../../../../../reports/samples/history.ts';
import { healthyEvidence } from '../../../../checks/testing/healthy-evidence.ts';
import { judged } from '../../../../checks/testing/verdict-of.ts';
import { lastPassed } from '../../../../cli/last-passed.ts';
import { minimums } from '../checks/minimums.ts';
import { minimumsOf } from './minimums-of.ts';

const DRILL = 'my-immich';
const night = (day: number) => new Date(Date.UTC(2026, 2, day, 2));

function counting(day: number, assets: number, changes: object = {}) {
  return sampleSummary(night(day), { drill: DRILL, counts: { users: 2, assets }, ...changes });
}

describe('the fewest users and assets', () => {
  it('are what the owner says, one by one, otherwise nine tenths of what the last run had that passed', () => {
    const last = { run: 'my-immich-1', counts: { users: 3, assets: 1001 } };
    expect(minimumsOf({ users: 2, assets: 12 }, last)).toEqual({ users: 2, assets: 12, from: 'as configured' });
    expect(minimumsOf({ assets: 12 }, last)).toMatchObject({ users: 3, assets: 12 });
    expect(minimumsOf(undefined, last)).toEqual({
      users: 3,
      assets: 901,
      from: 'as run my-immich-1 had 3 and 1001',
    });
    expect(minimumsOf(undefined, undefined)).toMatchObject({ users: 1, assets: 1 });
  });

  it('are taken from the history, of whole runs of that drill that passed', async () => {
    using history = await new SampleHistory().add(
      counting(1, 900),
      counting(2, 1000),
      counting(3, 5, { verdict: 'fail', outcome: 'fail' }),
      counting(4, 6, { partial: true }),
      counting(5, 7, { drill: 'another' }),
      counting(6, 8, { counts: {} }),
    );
    expect(await lastPassed(DRILL, history.folder)).toMatchObject({ counts: { users: 2, assets: 1000 } });
    expect(await lastPassed('nobody', history.folder)).toBeUndefined();
  });

  it('make a sudden drop a finding', async () => {
    const check = minimums(
      'database',
      minimumsOf(undefined, { run: 'my-immich-1', counts: { users: 2, assets: 1000 } }),
    );
    const counted = (assets: number) => healthyEvidence().with({ facts: { users: 2, assets } });
    expect((await judged(check, counted(900))).verdict).toBe('pass');
    expect(await judged(check, counted(899))).toMatchObject({
      verdict: 'fail',
      expected: 'at least 2 users and 900 assets, as run my-immich-1 had 2 and 1000',
      findings: [{ subject: 'assets', actual: '899' }],
    });
  });
});
