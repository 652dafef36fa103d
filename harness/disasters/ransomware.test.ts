import { expect, it } from 'vitest';
import { ransomware } from './ransomware.ts';
import { fakeWorld } from './testing/fake-world.ts';

it('locks every file with noise of its size and leaves a note', async () => {
  const world = fakeWorld();
  const before = (await Array.fromAsync(world.volume('library').files())).filter(({ type }) => type === 'file');
  await ransomware().strike({ world, seed: 1 });
  const after = (await Array.fromAsync(world.volume('library').files())).filter(({ type }) => type === 'file');
  const locked = new Map(after.map((entry) => [entry.path, entry]));
  expect(after).toHaveLength(before.length + 1);
  for (const { path, sizeBytes, sha256 } of before) {
    expect(locked.get(`${path}.locked`)?.sizeBytes).toBe(sizeBytes);
    if (sizeBytes > 0) expect(locked.get(`${path}.locked`)?.sha256).not.toBe(sha256);
  }
  expect(locked.has('READ-ME-TO-UNLOCK.txt')).toBe(true);
});

it('finds a file that was only renamed, and one that kept its name', async () => {
  const world = fakeWorld();
  const volume = world.volume('library');
  const struck = await ransomware().strike({ world, seed: 1 });
  await volume.write('upload/3.jpg.locked', Buffer.from('photo 3'));
  await volume.write('upload/4.jpg', Buffer.from('something else'));
  const absences = await ransomware().proveGone({ world, seed: 1 }, struck);
  expect(absences.map(({ gone }) => gone)).toEqual([false, false, false]);
  expect(absences.slice(1).map(({ looked }) => looked)).toEqual(['upload/3.jpg.locked', 'upload/4.jpg']);
});
