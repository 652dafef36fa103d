import type { Endpoint } from '../../model/server.ts';
import type { Database, Volume, World } from '../../model/target.ts';
import type { Readiness } from '../../model/workload.ts';
import { inventoryOf } from './inventory.ts';
import { MARKER, MEDIA_FOLDERS } from './layout.ts';
import { MIGRATIONS } from './migrations.ts';
import { MEDIA_LOCATION } from './references.ts';
import { ImmichApi } from './server/api.ts';

/** What Immich would stumble over when it starts, or a user at a first look. */
class NotReady extends Error {}

/** What may be over in a moment. */
class NotYet extends Error {}

/** The oldest photo of each user that the API may show and that cannot be made again from anything else. */
const OLDEST = `
  SELECT DISTINCT ON (a."ownerId") a.id, u.email, a."originalFileName" AS name, encode(a.checksum, 'hex') AS sha1
  FROM asset a JOIN "user" u ON u.id = a."ownerId" CROSS JOIN (SELECT ${MEDIA_LOCATION} AS location) root
  WHERE NOT a."isExternal" AND a."deletedAt" IS NULL AND a."checksumAlgorithm" = 'sha1' AND a.visibility <> 'locked'
    AND starts_with(a."originalPath", root.location || '/')
    AND NOT starts_with(a."originalPath", root.location || '/encoded-video/')
  ORDER BY a."ownerId", a."createdAt", a.id`;

/** What is asked, and how. */
export interface Asked {
  readonly world: World;
  /** The API key of each user, by email; the admin's comes first. */
  readonly apiKeys: ReadonlyMap<string, string>;
  readonly endpoint: Endpoint;
  /** The image of the real server; without it a stand-in answers. */
  readonly image?: string | undefined;
}

/**
 * Asks the server for what a user would look at first: that it serves at all, the numbers of each user, and the oldest
 * photo of each, byte for byte. A stand-in does not ask what Immich asks when it starts, so the harness does it instead.
 */
export async function readiness(asked: Asked): Promise<Readiness> {
  const by = asked.image ? `answered by ${asked.image}` : 'verified by a stub server, not by Immich itself';
  try {
    return { ready: true, saw: `${await lookAtAll(asked)} (${by})` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // A real server may still be bringing the rows up to its version.
    const isFinal = error instanceof NotReady && asked.image === undefined;
    return { ready: false, saw: `${reason} (${by})`, isFinal };
  }
}

async function lookAtAll({ world, apiKeys, endpoint, image }: Asked): Promise<string> {
  const database = world.database('database');
  await requireWritable(database);
  const started = [`admin ${await findAdmin(database)}`];
  if (image === undefined) {
    await requireMigrations(database);
    await requireMarkers(world.volume('library'));
    started.push(`${MIGRATIONS.length} migrations`, `${MEDIA_FOLDERS.length} markers`);
  }
  const api = new ImmichApi(endpoint.url);
  await requireService(api);
  const [adminKey = ''] = apiKeys.values();
  const counted = await compareNumbers(api, database, adminKey);
  const users = await lookAtOldest(api, database, apiKeys);
  return `${started.join(', ')}; ${counted} and the oldest photo of ${users} users with its SHA-1 over HTTP`;
}

async function requireService(api: ImmichApi): Promise<void> {
  const said = await api.ping();
  if (said !== 'pong') throw new NotYet(`the server answers a ping with "${said}"`);
  if ((await api.config()).maintenanceMode) throw new NotYet('the server is in maintenance mode');
}

/** What the server tells an admin of each user must be what the rows say. */
async function compareNumbers(api: ImmichApi, database: Database, adminKey: string): Promise<string> {
  const rows = new Map((await inventoryOf(database)).map(({ label, count }) => [label, count]));
  const users = await database.query<{ id: string; email: string }>('SELECT id, email FROM "user"');
  const told = new Map((await api.statistics(adminKey)).map((one) => [one.userId, one]));
  const sums = { photos: 0, videos: 0 };
  for (const { id, email } of users)
    for (const what of ['photos', 'videos'] as const) {
      const expected = rows.get(`${what} of ${email}`) ?? 0;
      const actual = told.get(id)?.[what] ?? 0;
      if (Number(actual) !== expected)
        throw new NotReady(`the server counts ${actual} ${what} of ${email}, and the database has ${expected}`);
      sums[what] += expected;
    }
  return `${sums.photos} photos, ${sums.videos} videos`;
}

/** The server writes before it answers anybody. */
async function requireWritable(database: Database): Promise<void> {
  const [state] = await database.query<{ standby: boolean; setting: string }>(
    `SELECT pg_is_in_recovery() AS standby, current_setting('default_transaction_read_only') AS setting`,
  );
  if (state?.standby) throw new NotYet('the database is read-only: it came back as a standby, which nobody promoted');
  if (state?.setting === 'on') throw new NotYet('the database is read-only: every transaction in it is');
}

async function findAdmin(database: Database): Promise<string> {
  const sql = `SELECT email FROM "user" WHERE "isAdmin" AND "deletedAt" IS NULL ORDER BY "createdAt" LIMIT 1`;
  const [admin] = await database.query<{ email: string }>(sql);
  if (!admin) throw new NotReady('no admin: the user table has nobody who could sign in to set things right');
  return admin.email;
}

async function requireMigrations(database: Database): Promise<void> {
  const rows = await database.query<{ name: string }>('SELECT name FROM kysely_migrations');
  const done = new Set(rows.map(({ name }) => name));
  const missing = MIGRATIONS.filter((name) => !done.has(name));
  if (missing.length > 0)
    throw new NotReady(
      `${missing.length} of ${MIGRATIONS.length} migrations are not recorded, the first is ${missing[0]}`,
    );
  const unknown = done.size - MIGRATIONS.length;
  if (unknown > 0)
    throw new NotReady(`${unknown} migrations of a newer version are recorded: this one refuses to start`);
  const locked = await database.query('SELECT FROM kysely_migrations_lock WHERE is_locked <> 0');
  if (locked.length > 0) throw new NotReady('the migrations are locked, as if one were still running');
}

async function requireMarkers(library: Volume): Promise<void> {
  for (const folder of MEDIA_FOLDERS) {
    const path = `${folder}/${MARKER}`;
    if (!(await library.has(path)))
      throw new NotReady(`${path} is missing: Immich takes the folder for an empty mount`);
    await library.read(path);
  }
}

async function lookAtOldest(api: ImmichApi, database: Database, keys: ReadonlyMap<string, string>): Promise<number> {
  const oldest = await database.query<{ id: string; email: string; name: string; sha1: string }>(OLDEST);
  if (oldest.length === 0) throw new NotReady('no user has a photo below the media root');
  for (const { id, email, name, sha1 } of oldest) {
    const actual = await api.originalSha1(id, keys.get(email) ?? '').catch((error: Error) => {
      // The connection was lost on the way, which says nothing of the photo.
      if (error instanceof TypeError || error.name === 'TimeoutError') throw error;
      throw new NotReady(`the oldest photo of ${email}, ${name}, is missing: ${error.message}`);
    });
    if (actual !== sha1)
      throw new NotReady(`the oldest photo of ${email}, ${name}, has other bytes: SHA-1 ${actual} instead of ${sha1}`);
  }
  return oldest.length;
}
