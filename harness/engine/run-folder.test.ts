import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunFolder } from './run-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('RunFolder', () => {
  it('gives a list only when it was written to its end', async () => {
    const run = await RunFolder.create(folder);
    async function* broken() {
      yield { label: 'a', count: 1 };
      throw new Error('cut');
    }
    await expect(run.record('after', 'database', 'inventory', broken())).rejects.toThrow('cut');
    expect(run.list('after', 'database', 'inventory')).toBeUndefined();
    expect(await run.record('after', 'database', 'inventory', [{ label: 'a', count: 1 }])).toBe(1);
    expect(await Array.fromAsync(run.list('after', 'database', 'inventory') ?? [])).toEqual([{ label: 'a', count: 1 }]);
  });
});
