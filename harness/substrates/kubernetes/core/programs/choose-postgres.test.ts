import { expect, it } from 'vitest';
import type { ImageMap } from '../images.ts';
import { loadImages } from '../images.ts';
import { Pods } from '../kube/pods.ts';
import { choosePostgres } from './choose-postgres.ts';
import { ImagePrograms } from './image-programs.ts';

/** Programs whose Postgres has told its version ahead of any cluster, so that none is asked. */
async function programs(more: ImageMap = {}): Promise<ImagePrograms> {
  const ahead = Promise.resolve(new Map([['postgres', 'postgres (PostgreSQL) 16.4']]));
  const images = { ...loadImages(''), postgres: 'mine/postgres:16', ...more };
  return await ImagePrograms.open(images, Object.create(Pods.prototype) as Pods, ahead);
}

it.each<[string, number, boolean, ImageMap, string]>([
  ['an older dump', 14, false, {}, 'mine/postgres:16'],
  ['a dump of its own version', 16, true, {}, 'mine/postgres:16'],
  ['a newer dump', 17, false, {}, 'pgvector/pgvector:0.8.1-pg17'],
  ['a newer dump, where one is named', 17, false, { postgres18: 'mine/postgres:18' }, 'mine/postgres:18'],
  ['a physical copy of another version', 14, true, { postgres18: 'mine/postgres:18' }, 'pgvector/pgvector:0.8.1-pg14'],
  ['a physical copy, where its version is named', 14, true, { postgres14: 'mine/postgres:14' }, 'mine/postgres:14'],
])('%s gets a Postgres that takes it', async (_, major, exactly, more, image) => {
  const all = await programs(more);
  await choosePostgres({ major, exactly, extensions: [] }, all);
  for (const program of ['postgres', 'psql', 'pg_restore']) expect(all.imageOf(program)).toBe(image);
  expect(all.imageOf('restic')).toBe(loadImages('').restic);
});

it('says what is missing when there is none', async () => {
  const choosing = choosePostgres({ major: 12, exactly: true, extensions: [] }, await programs());
  await expect(choosing).rejects.toThrow(/needs Postgres 12, and mine\/postgres:16 has 16\.4/);
});
