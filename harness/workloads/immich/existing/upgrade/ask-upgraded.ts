import { createHash, randomBytes } from 'node:crypto';
import type { Endpoint } from '../../../../model/server.ts';
import type { Database } from '../../../../model/target.ts';
import type { Readiness } from '../../../../model/workload.ts';
import { ImmichApi } from '../../server/api.ts';
import { type Shape, shapeOf } from '../shape.ts';

const KEY_NAME = 'restore-drill';
const KEY_BYTES = 32;

/** What came of asking, and the key that was asked with: it is made once. */
export interface Asked {
  readonly readiness: Readiness;
  readonly key: Promise<string> | undefined;
}

interface Photo {
  readonly id: string;
  readonly name: string;
  readonly sha1: string;
}

/** Asks the newer version as a user would: that it serves, the numbers of each user, and a photo byte for byte. */
export async function askUpgraded(database: Database, endpoint: Endpoint, before: Asked | undefined): Promise<Asked> {
  const api = new ImmichApi(endpoint.url);
  let key = before?.key;
  let version = before?.readiness.version;
  const asked = (ready: boolean, saw: string): Asked => ({
    readiness: { ready, saw, ...(version !== undefined && { version }) },
    key,
  });
  const not = (saw: string) => asked(false, saw);
  try {
    const said = await api.ping();
    if (said !== 'pong') return not(`the server answers a ping with "${said}"`);
    // First: one that loses what it was given is to be known by its version, too.
    version ??= await api.version().catch(() => undefined);
    if ((await api.config()).maintenanceMode) return not('the server is in maintenance mode');
    const shape = await shapeOf(database);
    key ??= makeKey(database, shape);
    const counted = await compareNumbers(api, database, shape, await key);
    const photo = await oldestPhoto(database, shape);
    if (!photo) return not('the admin has no photo that could be asked for');
    const actual = await api.originalSha1(photo.id, await key);
    if (actual !== photo.sha1)
      return not(`asset ${photo.id} (${photo.name}) is served with the SHA-1 ${actual} instead of ${photo.sha1}`);
    return asked(true, `${counted} and a photo with its SHA-1 over HTTP`);
  } catch (error) {
    return not(error instanceof Error ? error.message : String(error));
  }
}

/** A key of the first admin, in the restored database alone: of those that are there only digests are known. */
async function makeKey(database: Database, shape: Shape): Promise<string> {
  const token = randomBytes(KEY_BYTES).toString('hex');
  const digest = createHash('sha256').update(token).digest('hex');
  await database.query(
    `INSERT INTO ${shape.table('apiKey')} (name, key, "userId", permissions)
     SELECT $1, decode($2, 'hex'), id, '{all}' FROM (${admin(shape)}) admin`,
    [KEY_NAME, digest],
  );
  return token;
}

/** What the server counts for each user must be what its rows say. */
async function compareNumbers(api: ImmichApi, database: Database, shape: Shape, key: string): Promise<string> {
  const seen = `a."deletedAt" IS NULL${shape.has('asset', 'visibility') ? ` AND a.visibility <> 'hidden'` : ''}`;
  const rows = await database.query<{ id: string; email: string; photos: number; videos: number }>(
    `SELECT u.id, u.email, count(a.id) FILTER (WHERE a.type = 'IMAGE')::int AS photos,
       count(a.id) FILTER (WHERE a.type = 'VIDEO')::int AS videos
     FROM ${shape.table('user')} u LEFT JOIN ${shape.table('asset')} a ON a."ownerId" = u.id AND ${seen}
     GROUP BY u.id, u.email`,
  );
  const told = new Map((await api.statistics(key)).map((one) => [one.userId, one]));
  const sums = { photos: 0, videos: 0 };
  for (const user of rows)
    for (const what of ['photos', 'videos'] as const) {
      const actual = Number(told.get(user.id)?.[what] ?? 0);
      if (actual !== user[what])
        throw new Error(`the server counts ${actual} ${what} of ${user.email}, and the database has ${user[what]}`);
      sums[what] += actual;
    }
  return `${sums.photos} photos and ${sums.videos} videos of ${rows.length} users`;
}

async function oldestPhoto(database: Database, shape: Shape): Promise<Photo | undefined> {
  const locked = shape.has('asset', 'visibility') ? ` AND a.visibility NOT IN ('locked', 'hidden')` : '';
  const sha1 = shape.has('asset', 'checksumAlgorithm') ? ` AND a."checksumAlgorithm" = 'sha1'` : '';
  const [photo] = await database.query<Photo>(
    `SELECT a.id, a."originalFileName" AS name, encode(a.checksum, 'hex') AS sha1
     FROM ${shape.table('asset')} a WHERE a."ownerId" = (${admin(shape)}) AND NOT a."isExternal"
       AND a."deletedAt" IS NULL${locked}${sha1} ORDER BY a."createdAt", a.id LIMIT 1`,
  );
  return photo;
}

function admin(shape: Shape): string {
  return `SELECT id FROM ${shape.table('user')} WHERE "isAdmin" AND "deletedAt" IS NULL ORDER BY "createdAt", id LIMIT 1`;
}
