import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { compareBytes, type ListedFile } from '../../model/manifest.ts';
import { sortedListing } from './sorted-listing.ts';

const folder = mkdtempSync(join(tmpdir(), 'drill-sort-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every path once, far from its order. */
async function* shuffled(count: number): AsyncGenerator<ListedFile> {
  for (let index = 0; index < count; index += 1)
    yield { path: `p/${(index * 7_919) % count}`, sizeBytes: index, modifiedAt: '2026-11-21T00:00:00.000Z' };
}

it.each([0, 1, 1_000, 20_000, 50_001])(
  'sorts a list of %i files by their bytes, and leaves nothing behind',
  async (count) => {
    let seen = 0;
    let last = '';
    for await (const { path } of sortedListing(shuffled(count), folder)) {
      expect(seen === 0 || compareBytes(last, path) < 0).toBe(true);
      last = path;
      seen += 1;
    }
    expect(seen).toBe(count);
    expect(readdirSync(folder)).toEqual([]);
  },
);
