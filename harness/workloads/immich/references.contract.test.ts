import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type WorldForTest } from '../../../fixtures/immich/testing/open-world.ts';
import type { Reference } from '../../model/manifest.ts';

let opened: WorldForTest;
let references: Reference[];

beforeAll(async () => {
  opened = await openWorld({ assets: 20, photoKib: 4 });
  references = await Array.fromAsync(opened.workload.references(opened.world));
});
afterAll(() => opened[Symbol.asyncDispose]());

function ownedBy(words: RegExp): Reference[] {
  return references.filter(({ owner }) => words.test(owner));
}

test('names owners as a person would', () => {
  expect(ownedBy(/^asset [0-9a-f-]{36} \(IMG_0004\.jpg\) original$/)).toHaveLength(3);
  expect(ownedBy(/ preview$/).length).toBe(18);
  expect(ownedBy(/ fullsize, edited$/)).toHaveLength(1);
  expect(ownedBy(/^person .* thumbnail$/)).toHaveLength(1);
  expect(ownedBy(/^user anna@example.org profile image$/)).toHaveLength(1);
});

test('only originals, sidecars and portraits cannot be made again', () => {
  for (const { owner, path, regenerable } of references)
    expect([path, regenerable]).toEqual([
      path,
      !/(original|sidecar|profile image)$/.test(owner) || path.startsWith('encoded-video/'),
    ]);
  expect(ownedBy(/original$/).filter(({ regenerable }) => regenerable)).toHaveLength(1);
});

test('external originals are not demanded, but their thumbnails are', () => {
  expect(references.filter(({ path }) => path.includes('mnt/photos'))).toEqual([]);
  expect(ownedBy(/Scan 0012|IMG_0013/).every(({ path }) => path.startsWith('thumbs/'))).toBe(true);
});

test('names with quotes, backslashes and emoji come out as they are', async () => {
  const database = opened.world.database('database');
  const name = 'tab\t quote" back\\slash 🥐';
  await database.query(`UPDATE asset SET "originalFileName" = $1 WHERE "isFavorite"`, [name]);
  const found = await Array.fromAsync(opened.workload.references(opened.world));
  expect(found.filter(({ owner }) => owner.includes(`(${name})`))).toHaveLength(3);
});

test('a row that lost its exif, or moved out of the media root, is still demanded', async () => {
  const database = opened.world.database('database');
  const count = references.length;
  await database.query(`DELETE FROM asset_exif WHERE "assetId" = (SELECT id FROM asset WHERE "isFavorite")`);
  await database.query(`UPDATE "user" SET "profileImagePath" = '/elsewhere/x.webp' WHERE "isAdmin"`);
  const found = await Array.fromAsync(opened.workload.references(opened.world));
  expect(found).toHaveLength(count);
  expect(found.filter(({ sizeBytes, sha1 }) => sizeBytes === -1 && sha1 !== '')).toHaveLength(1);
  expect(found.map(({ path }) => path)).toContain('elsewhere/x.webp');
});

test('the media root is the one that the database knows', async () => {
  const database = opened.world.database('database');
  await database.query(`UPDATE system_metadata SET value = '{"location": "/data/upload"}' WHERE key = 'MediaLocation'`);
  const found = await Array.fromAsync(opened.workload.references(opened.world));
  expect(found.some(({ path }) => path.startsWith('upload/'))).toBe(false);
});
