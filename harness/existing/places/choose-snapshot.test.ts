import { describe, expect, it } from 'vitest';
import { fittingSnapshots, pickOne, type SnapshotChoice } from './choose-snapshot.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const snapshots = ['2026-11-01', '2026-11-20', '2026-10-01', '2026-11-15'].map((day, index) => ({
  id: `${index}abc${day.replaceAll('-', '')}`,
  time: `${day}T02:00:00.123456789+01:00`,
  paths: ['/data'],
}));

function chosen(choice: SnapshotChoice, pick?: (below: number) => number): string {
  return pickOne(fittingSnapshots(snapshots, choice, NOW), choice, pick).time.slice(0, 10);
}

describe('the choice of a snapshot', () => {
  it('takes the newest, whatever the order', () => {
    expect(chosen({ kind: 'latest' })).toBe('2026-11-20');
  });

  it('takes the newest before a time', () => {
    expect(chosen({ kind: 'before', time: '2026-11-15T00:00:00Z' })).toBe('2026-11-01');
  });

  it('takes one by the beginning of its id', () => {
    expect(chosen({ kind: 'id', id: '2abc' })).toBe('2026-10-01');
  });

  it('takes any within a time, and no other', () => {
    const all = [0, 1, 2].map((index) => chosen({ kind: 'random', within: '30d' }, () => index));
    expect(all).toEqual(['2026-11-20', '2026-11-15', '2026-11-01']);
    expect(() => chosen({ kind: 'random', within: '30d' }, (below) => expect(below).toBe(3) as never)).toThrow();
  });

  it.each<[string, SnapshotChoice]>([
    ['an id of none', { kind: 'id', id: 'ffff' }],
    ['a time before all', { kind: 'before', time: '2020-01-01' }],
    ['a window without any', { kind: 'random', within: '1h' }],
  ])('says that %s fits none, and which there are', (_, choice) => {
    expect(() => chosen(choice)).toThrow(/there are 4, the newest 1abc2026/);
  });

  it('says that a repository is empty', () => {
    expect(() => fittingSnapshots([], { kind: 'latest' }, NOW)).toThrow(/the repository has none/);
  });
});
