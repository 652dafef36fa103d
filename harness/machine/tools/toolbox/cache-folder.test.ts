import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolderOf, makeCacheFolder } from './cache-folder.ts';
import { scratchFolder } from './fakes/fake-program.ts';

test.each([
  [{ DRILL_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' }, '/a'],
  [{ XDG_CACHE_HOME: '/b', HOME: '/c' }, '/b/restore-drill'],
  [{ XDG_CACHE_HOME: '', HOME: '/c' }, '/c/.cache/restore-drill'],
  [{ HOME: '' }, undefined],
  [{}, undefined],
])('%o: %s', (env, folder) => {
  expect(cacheFolderOf(env)).toBe(folder);
});

test('without any place for a cache the error says which variable to set', async () => {
  await expect(makeCacheFolder(undefined)).rejects.toMatchObject({
    code: 'cache-missing',
    blame: 'environment',
    next: expect.stringContaining('DRILL_CACHE'),
  });
});

test('a cache that cannot be made says where it was tried', async () => {
  const file = join(await scratchFolder(), 'file');
  await writeFile(file, '');
  await expect(makeCacheFolder(join(file, 'cache'))).rejects.toMatchObject({
    code: 'cache-unwritable',
    what: expect.stringContaining(join(file, 'cache')),
  });
});
