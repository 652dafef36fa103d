import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAtomically } from './write-atomically.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-files-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('it makes the folder, replaces the file and leaves nothing beside it', async () => {
  const path = join(folder, 'a', 'b.txt');
  expect(await writeAtomically(path, 'first')).toBe(path);
  await writeAtomically(path, 'second \uD800');
  expect(await readFile(path, 'utf8')).toBe('second \uFFFD');
  expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
});

test('what cannot be put in place leaves nothing behind', async () => {
  const path = join(folder, 'c');
  await mkdir(join(path, 'in-the-way'), { recursive: true });
  await expect(writeAtomically(path, 'text')).rejects.toThrow();
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
