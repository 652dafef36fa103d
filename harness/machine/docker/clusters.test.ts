import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { folderWithDocker, WORKING } from '../../substrates/local/testing/fake-docker.ts';
import { removeClustersOf } from './clusters.ts';
import { nameOfRun } from './run-name.ts';

/** Docker with these nodes of clusters; gives what was removed. */
function dockerWith(nodes: readonly string[]): () => string {
  const log = join(folderWithDocker(undefined), 'removed');
  const lines = nodes.map((node) => `echo '${node}'`).join('; ') || ':';
  const folder = folderWithDocker({ ...WORKING, ps: lines, rm: `echo "$@" >>${log}` });
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return () => (existsSync(log) ? readFileSync(log, 'utf8').trim() : '');
}

it('removes the nodes of all clusters of a run, and of no other one', async () => {
  const [mine, other] = [nameOfRun('mine'), nameOfRun('other')];
  const removed = dockerWith([`id1 ${mine}`, `id2 ${mine}-2`, `id3 ${other}`, 'id4 kind', `id5 ${mine}x`]);
  await removeClustersOf('mine');
  expect(removed()).toBe('rm --force --volumes id1 id2');
});

it('asks Docker to remove nothing where the run has made none', async () => {
  const removed = dockerWith([`id3 ${nameOfRun('other')}`]);
  await removeClustersOf('mine');
  expect(removed()).toBe('');
});
