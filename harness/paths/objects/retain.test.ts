import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../model/path.ts';
import { keptBy } from './retain.ts';

function made(...days: string[]): Receipt[] {
  return days.map(
    (day) =>
      ({ id: day, details: { at: `${day}T02:00:00Z` }, startedAt: '2026-11-21T00:00:00Z' }) as unknown as Receipt,
  );
}

describe('keptBy', () => {
  const daily = made('2026-11-21', '2026-11-20', '2026-11-19', '2026-11-16', '2026-11-15', '2026-10-31', '2026-10-01');

  it('keeps the newest', () => {
    expect(keptBy({ last: 2 }, daily)).toEqual(['2026-11-21', '2026-11-20']);
  });

  it('keeps the newest of each period that has one, weeks beginning on Monday', () => {
    expect(keptBy({ daily: 3 }, daily)).toEqual(['2026-11-21', '2026-11-20', '2026-11-19']);
    expect(keptBy({ weekly: 2 }, daily)).toEqual(['2026-11-21', '2026-11-15']);
    expect(keptBy({ monthly: 2 }, daily)).toEqual(['2026-11-21', '2026-10-31']);
  });

  it('adds the rules up, and orders by the time that a backup is filed under', () => {
    expect(keptBy({ last: 1, monthly: 2 }, daily.toReversed())).toEqual(['2026-11-21', '2026-10-31']);
  });

  it('keeps everything when there is no rule', () => {
    expect(keptBy({}, daily)).toHaveLength(daily.length);
    expect(keptBy({ last: 0 }, daily)).toHaveLength(daily.length);
  });
});
