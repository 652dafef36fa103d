import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiToken, userAt } from '../../../fixtures/immich/plan/users.ts';
import { openWorld, type WorldForTest } from '../../../fixtures/immich/testing/open-world.ts';
import type { Endpoint } from '../../model/server.ts';
import type { Database, Volume } from '../../model/target.ts';
import { STAND_IN } from './server/stand-in.ts';

let opened: WorldForTest;
let database: Database;
let library: Volume;
let endpoint: Endpoint;

beforeAll(async () => {
  opened = await openWorld({ assets: 40, photoKib: 4 });
  database = opened.world.database('database');
  library = opened.world.volume('library');
  endpoint = await opened.substrate.serve(STAND_IN, opened.world);
});
afterAll(() => opened[Symbol.asyncDispose]());

const ready = () => opened.workload.ready(opened.world, endpoint);

async function oldestOf(email: string): Promise<string> {
  const [row] = await database.query<{ path: string }>(
    `SELECT substr(a."originalPath", 7) AS path FROM asset a JOIN "user" u ON u.id = a."ownerId"
     WHERE u.email = $1 AND NOT a."isExternal" AND a."deletedAt" IS NULL AND a."originalPath" NOT LIKE '%/encoded-video/%'
     ORDER BY a."createdAt" LIMIT 1`,
    [email],
  );
  return row?.path ?? '';
}

test('a healthy world is ready, and says what answered', async () => {
  const { ready: is, saw } = await ready();
  expect(saw).toMatch(
    /anna@example.org, 88 migrations, 6 markers; \d+ photos, \d+ videos and the oldest photo of 3 users/,
  );
  expect(saw).toContain('verified by a stub server, not by Immich itself');
  expect(is).toBe(true);
});

test('in a database that takes no writes it is not', async () => {
  await database.query('SET default_transaction_read_only = on');
  expect(await ready()).toMatchObject({ ready: false, saw: expect.stringContaining('the database is read-only') });
  await database.query('SET default_transaction_read_only = off');
  expect((await ready()).ready).toBe(true);
});

test('without an admin it is not', async () => {
  await database.query('UPDATE "user" SET "isAdmin" = false');
  expect(await ready()).toMatchObject({ ready: false, saw: expect.stringContaining('no admin') });
  await database.query(`UPDATE "user" SET "isAdmin" = true WHERE email = 'anna@example.org'`);
  expect((await ready()).ready).toBe(true);
});

test('with a migration too few, too many or under way it is not', async () => {
  await database.query(`UPDATE kysely_migrations SET name = 'x' || name WHERE name LIKE '%-AddNotificationsTable'`);
  expect(await ready()).toMatchObject({
    ready: false,
    saw: expect.stringContaining('1 of 88 migrations are not recorded'),
  });
  await database.query(`UPDATE kysely_migrations SET name = substr(name, 2) WHERE name LIKE 'x%'`);
  await database.query(`INSERT INTO kysely_migrations VALUES ('9-New', '')`);
  expect(await ready()).toMatchObject({ ready: false, saw: expect.stringContaining('newer version') });
  await database.query(`DELETE FROM kysely_migrations WHERE name = '9-New'`);
  await database.query('UPDATE kysely_migrations_lock SET is_locked = 1');
  expect(await ready()).toMatchObject({ ready: false, saw: expect.stringContaining('locked') });
  await database.query('UPDATE kysely_migrations_lock SET is_locked = 0');
  expect((await ready()).ready).toBe(true);
});

test('without a marker it is not', async () => {
  const bytes = await library.read('encoded-video/.immich');
  await library.remove('encoded-video/.immich');
  expect(await ready()).toMatchObject({
    ready: false,
    saw: expect.stringContaining('encoded-video/.immich is missing'),
  });
  await library.write('encoded-video/.immich', bytes);
  expect((await ready()).ready).toBe(true);
});

test('with a flipped byte in the oldest photo of any user it is not', async () => {
  const path = await oldestOf('ben@example.org');
  const bytes = Buffer.from(await library.read(path));
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await library.write(path, bytes);
  expect(await ready()).toMatchObject({
    ready: false,
    saw: expect.stringMatching(/photo of ben@example.org.*other bytes/),
  });
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await library.write(path, bytes);
  expect((await ready()).ready).toBe(true);
});

test('without the oldest photo of a user it is not', async () => {
  const path = await oldestOf('carla@example.org');
  const bytes = await library.read(path);
  await library.remove(path);
  expect(await ready()).toMatchObject({
    ready: false,
    isFinal: true,
    saw: expect.stringMatching(/photo of carla@example.org.*missing/),
  });
  await library.write(path, bytes);
  expect((await ready()).ready).toBe(true);
});

test('in maintenance mode it is not, though it answers a ping', async () => {
  await database.query(`INSERT INTO system_metadata VALUES ('maintenance-mode', '{"isMaintenanceMode": true}')`);
  expect(await ready()).toMatchObject({
    ready: false,
    isFinal: false,
    saw: expect.stringContaining('maintenance mode'),
  });
  await database.query(`DELETE FROM system_metadata WHERE key = 'maintenance-mode'`);
  expect((await ready()).ready).toBe(true);
});

test('with a server that counts otherwise than the rows it is not', async () => {
  const lying = http.createServer(async (request, response) => {
    const { 'x-api-key': key = '' } = request.headers;
    const answer = await fetch(`${endpoint.url}${request.url}`, { headers: key ? { 'x-api-key': `${key}` } : {} });
    const body = Buffer.from(await answer.arrayBuffer());
    response.end(request.url?.endsWith('statistics') ? body.toString().replace(/"photos":\d+/g, '"photos":1') : body);
  });
  await once(lying.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(lying.address() as AddressInfo).port}`;
  const seen = await opened.workload.ready(opened.world, { url });
  lying.close();
  expect(seen).toMatchObject({ ready: false, saw: expect.stringMatching(/counts 1 photos of .*the database has/) });
});

test('with a server that has gone it is not', async () => {
  expect(await opened.workload.ready(opened.world, { url: 'http://127.0.0.1:1' })).toMatchObject({
    ready: false,
    isFinal: false,
  });
});

test('the stand-in gives originals to their owners only, by the keys of the restored rows', async () => {
  const [asset] = await database.query<{ id: string }>(
    `SELECT id FROM asset WHERE "ownerId" = $1 AND NOT "isExternal" AND visibility = 'timeline' LIMIT 1`,
    [userAt(1, 1).id],
  );
  const path = `/api/assets/${asset?.id}/original`;
  const status = async (of: string, key?: string) =>
    (await fetch(`${endpoint.url}${of}`, { headers: key === undefined ? {} : { 'x-api-key': key } })).status;
  expect(await status(path, apiToken(1, 1))).toBe(200);
  expect(await status(path, apiToken(1, 0))).toBe(404);
  expect(await status(path, `${apiToken(1, 1)}'`)).toBe(401);
  expect(await status(path, 'unknown')).toBe(401);
  expect(await status(path)).toBe(401);
  expect(await status('/api/server/statistics', apiToken(1, 1))).toBe(403);
  await database.query(`UPDATE api_key SET permissions = '{asset.read}' WHERE "userId" = $1`, [userAt(1, 1).id]);
  expect(await status(path, apiToken(1, 1))).toBe(403);
  await database.query(`UPDATE api_key SET permissions = '{all}' WHERE "userId" = $1`, [userAt(1, 1).id]);
  expect(await status('/api/albums', apiToken(1, 0))).toBe(404);
});

test('an empty library, or none of the tables, is not ready, and nothing is thrown', async () => {
  await database.query('BEGIN; TRUNCATE asset CASCADE; COMMIT');
  expect(await ready()).toMatchObject({ ready: false, saw: expect.stringContaining('no user has a photo') });
  await database.query('DROP TABLE "user" CASCADE');
  expect(await ready()).toMatchObject({ ready: false, saw: expect.stringContaining('does not exist') });
});
