import { describe, expect, test } from 'vitest';
import { judgeSchedule, parseSchedule } from './schedule.ts';

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 2, 1, 3);

/** Runs that began so many days after the first of March, three o'clock. */
function judge(when: string, days: readonly number[], untilDay: number) {
  const began = days.map((day) => new Date(FROM + day * DAY));
  return judgeSchedule({ drill: 'x', when }, began, new Date(FROM), new Date(FROM + untilDay * DAY));
}

describe('a schedule', () => {
  test.each([
    ['every night was kept', [0, 1, 2, 3], 3.5, 0],
    ['runs a little early and late are on time', [0, 1.1, 2.05, 2.95], 3.5, 0],
    ['a night is missing', [0, 1, 3], 3.5, 1],
    ['two nights are missing', [0, 3], 3.5, 2],
    ['the last nights are missing', [0], 3.5, 3],
    ['the night that is due now may still come', [0, 1, 2], 3.1, 0],
    ['it never ran', [], 3.5, 3],
    ['twice in a night does not make up for another', [0, 0.1, 2], 2.5, 1],
  ])('of 24h: %s', (_what, days, until, missed) => {
    expect(judge('24h', days, until).missed).toHaveLength(missed);
  });

  test.each([
    ['every night was kept', [0.01, 1.01, 2.01], 3.5, 3, 0],
    ['a night is missing', [0.01, 2.01], 3.5, 3, 1],
    ['the slot that is not over may still come', [0.01, 1.01, 2.01], 3.9, 3, 0],
    ['it never ran', [], 3.5, 3, 3],
  ])('of cron: %s', (_what, days, until, due, missed) => {
    const report = judge('0 3 * * *', days, until);
    expect({ due: report.due, missed: report.missed.length }).toEqual({ due, missed });
  });

  test('says when it was missed', () => {
    expect(judge('0 3 * * *', [0, 2], 3.5).missed).toEqual(['2026-03-02T03:00:00.000Z']);
    expect(judge('24h', [0, 2], 2.5)).toMatchObject({ due: 3, missed: ['2026-03-02T03:00:00.000Z'] });
  });

  test('is read from one line, or refused with what is wrong', () => {
    expect(parseSchedule('immich-full=24h')).toEqual({ drill: 'immich-full', when: '24h' });
    expect(parseSchedule('immich-full=0 3 * * 1-5')).toEqual({ drill: 'immich-full', when: '0 3 * * 1-5' });
    for (const text of ['immich-full', '=24h', 'immich-full=soon', 'immich-full=99 3 * * *', 'immich-full=0s'])
      expect(() => parseSchedule(text)).toThrow(/is no schedule/);
  });
});
