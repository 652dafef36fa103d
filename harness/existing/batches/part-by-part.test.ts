import { expect, it } from 'vitest';
import type { ListedFile } from '../../model/manifest.ts';
import { type Batch, diskSize, partByPart } from './part-by-part.ts';

const BLOCK = 4096;

async function* listed(...files: [string, number][]): AsyncGenerator<ListedFile> {
  for (const [path, sizeBytes] of files) yield { path, sizeBytes, modifiedAt: '' };
}

async function batches(files: [string, number][], rooms: number[], maxFiles = 100): Promise<Batch[]> {
  const roomBytes = async () => (rooms.length > 1 ? rooms.shift() : rooms[0]) ?? 0;
  return await Array.fromAsync(partByPart(listed(...files), { roomBytes, maxFiles }, 'before'));
}

it('counts whole blocks, and the folders that the file before has not brought', () => {
  expect(diskSize('a', 1)).toBe(BLOCK + 1);
  expect(diskSize('a', 0)).toBe(1);
  expect(diskSize('a/b/c', BLOCK + 1)).toBe(4 * BLOCK + 5);
  expect(diskSize('a/b/c', BLOCK + 1, 'a/x/c')).toBe(3 * BLOCK + 5);
  expect(diskSize('a/b/c', 1, 'a/b/a')).toBe(BLOCK + 5);
});

it('cuts where the room ends, which is asked for anew before every batch, and where there are too many files', async () => {
  const files: [string, number][] = ['a', 'b', 'c', 'd', 'e'].map((path) => [path, BLOCK]);
  const cut = await batches(files, [2 * BLOCK + 2, BLOCK + 1, 10 * BLOCK]);
  expect(cut.map(({ paths }) => paths)).toEqual([['a', 'b'], ['c'], ['d', 'e']]);
  expect(cut.map(({ between }) => between)).toEqual([
    { before: 'before', after: 'c' },
    { before: 'b', after: 'd' },
    { before: 'c', after: undefined },
  ]);
  expect(cut.map(({ diskBytes }) => diskBytes)).toEqual([2 * BLOCK + 2, BLOCK + 1, 2 * BLOCK + 2]);
  expect((await batches(files, [1e9], 2)).map(({ paths }) => paths.length)).toEqual([2, 2, 1]);
});

it('gives a file that does not fit a batch of its own, and an empty list none', async () => {
  const cut = await batches(
    [
      ['a', 1],
      ['b', 9 * BLOCK],
      ['c', 1],
    ],
    [2 * BLOCK + 9],
  );
  expect(cut.map(({ paths }) => paths)).toEqual([['a'], ['b'], ['c']]);
  expect(await batches([], [1])).toEqual([]);
});
