import { expect, it } from 'vitest';
import { disasterNames, loadDisaster } from './load-disaster.ts';

it('finds every disaster by the name of its file', async () => {
  expect(disasterNames()).toEqual(expect.arrayContaining(['lose-everything', 'lose-cluster', 'kill-node']));
  const workload = { disasterOptions: { 'drop-table': { table: 'note' } } };
  for (const name of disasterNames()) expect((await loadDisaster(name, workload)).name).toBe(name);
  expect((await loadDisaster('drop-table', workload)).summary).toContain('Table note of database');
});

it('says which there are', async () => {
  await expect(loadDisaster('lose-clutser')).rejects.toMatchObject({
    code: 'disaster-unknown',
    blame: 'usage',
    next: expect.stringMatching(/delete-namespace, .*lose-cluster/),
  });
  await expect(loadDisaster('../model/drill')).rejects.toMatchObject({ code: 'disaster-unknown' });
});
