import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ledger } from './ledger.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('Ledger', () => {
  const write = async (sequence: number) => [{ component: 'library', key: `file-${sequence}` }];

  it('notes each write on the disk once it is safe, and stops after the one under way', async () => {
    const file = join(folder, 'ledger.jsonl');
    const ledger = Ledger.start(file, write);
    await ledger.grow(2);
    await ledger.stop();
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { sequence: number });
    expect(lines).toEqual(JSON.parse(JSON.stringify(ledger.entries)));
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, i) => i + 1));
    const count = ledger.entries.length;
    await delay(400);
    expect(ledger.entries.length).toBe(count);
  });

  it('writes nothing while it is quiesced', async () => {
    const ledger = Ledger.start(join(folder, 'ledger.jsonl'), write);
    await ledger.grow(1);
    await ledger.quiesced(async () => {
      const count = ledger.entries.length;
      await delay(600);
      expect(ledger.entries.length).toBe(count);
    });
    await ledger.grow(1);
    await ledger.stop();
  });

  it('passes on the error that ended it, to whoever waits and to whoever stops it', async () => {
    const ledger = Ledger.start(join(folder, 'ledger.jsonl'), async () => {
      throw new Error('database gone');
    });
    await expect(ledger.grow(1)).rejects.toThrow('database gone');
    await expect(ledger.stop()).rejects.toThrow('database gone');
    await ledger.abort();
  });
});
