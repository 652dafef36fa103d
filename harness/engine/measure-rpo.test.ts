import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../model/workload.ts';
import { measureRpo } from './measure-rpo.ts';

const STRUCK_AT = '2026-03-01T10:10:00.000Z';

const ledger: LedgerEntry[] = [3, 1, 2].map((minute) => ({
  sequence: minute,
  writtenAt: `2026-03-01T10:0${minute}:00.000Z`,
  marks: ['file', 'thumb'].map((kind) => ({ component: 'library', key: `${kind}-${minute}` })),
}));

async function library(survivors: string[], isRegenerable?: (component: string, key: string) => boolean) {
  const input = { ledger, survivors: { library: new Set(survivors) }, struckAt: STRUCK_AT };
  return (await measureRpo(isRegenerable ? { ...input, isRegenerable } : input)).library;
}

const all = (minute: number): string[] => [`file-${minute}`, `thumb-${minute}`];

describe('measureRpo', () => {
  it('measures from the last write that survived', async () => {
    expect(await library([...all(1), ...all(2), ...all(3)])).toBe(420);
    expect(await library([...all(1), ...all(2)])).toBe(480);
  });

  it('counts only the writes before a hole, and only whole ones', async () => {
    expect(await library([...all(1), ...all(3)])).toBe(540);
    expect(await library([...all(1), 'file-2', ...all(3)])).toBe(540);
  });

  it('leaves out marks that are made again', async () => {
    const thumbs = (_component: string, key: string): boolean => key.startsWith('thumb');
    expect(await library(['file-1', 'file-2'])).toBeNull();
    expect(await library(['file-1', 'file-2'], thumbs)).toBe(480);
  });

  it('measures nothing where the first write is lost or nothing was written', async () => {
    expect(await library(all(2))).toBeNull();
    const survivors = { database: { has: async () => true } };
    expect(await measureRpo({ ledger, survivors, struckAt: STRUCK_AT })).toEqual({ database: null });
  });

  it('asks lookups that take time, and never gives less than nothing', async () => {
    const survivors = { library: { has: async () => true } };
    expect(await measureRpo({ ledger, survivors, struckAt: '2026-03-01T10:02:00.000Z' })).toEqual({ library: 0 });
  });
});
