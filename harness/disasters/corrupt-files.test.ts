import { expect, it } from 'vitest';
import type { FileEntry } from '../model/manifest.ts';
import type { Volume } from '../model/target.ts';
import { corruptFiles } from './corrupt-files.ts';
import { fakeWorld } from './testing/fake-world.ts';

async function listed(volume: Volume): Promise<FileEntry[]> {
  return Array.fromAsync(volume.files());
}

it('changes one byte of each victim, and neither size, mode, owner nor time', async () => {
  const world = fakeWorld();
  const volume = world.volume('library');
  for (const { path, type } of await listed(volume)) {
    if (type === 'file') await volume.touch(path, { mode: 0o600, uid: 7, gid: 8, mtimeMs: 9 });
  }
  const before = await listed(volume);
  await corruptFiles({ count: 3 }).strike({ world, seed: 1 });
  const after = await listed(volume);
  const changed = before.filter((entry, i) => entry.sha256 !== after[i]?.sha256);
  expect(changed).toHaveLength(3);
  const shape = ({ sha256: _sha256, sha1: _sha1, ...rest }: FileEntry) => rest;
  expect(after.map(shape)).toEqual(before.map(shape));
});

it('proves each victim by its bytes, and sees those that were put back', async () => {
  const world = fakeWorld();
  const volume = world.volume('library');
  const pristine = fakeWorld().volume('library');
  const disaster = corruptFiles({ count: 2 });
  const struck = await disaster.strike({ world, seed: 1 });
  const path = struck[0]?.split(' was sha256 ')[0] ?? '';
  await volume.write(path, await pristine.read(path));
  const absences = await disaster.proveGone({ world, seed: 1 }, struck);
  expect(absences.map(({ gone }) => gone)).toEqual([false, true]);
});
