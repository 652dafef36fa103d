import { hash } from 'node:crypto';
import type { World } from '../../../model/target.ts';
import type { Readiness } from '../../../model/workload.ts';
import { MARKER, MEDIA_FOLDERS } from '../layout.ts';
import { rootMapping } from './root-mapping.ts';
import { type Shape, shapeOf } from './shape.ts';

const STAND_IN = 'read by the harness as Immich would; no Immich server was started';

/** What is known of the backup that bears on a start. */
export interface ReadyOptions {
  readonly mediaRoots: readonly string[];
  /** Folders that the user leaves out, and makes again with their markers before Immich starts. */
  readonly leavesOut: readonly string[];
  readonly hasLibrary: boolean;
  /** A photo that is not there need not be missing: only some were restored, or it was deleted while they were. */
  readonly isPart: boolean;
}

/** Asks what Immich asks when it starts, then looks at the oldest photo of each user, byte for byte. */
export async function readyFound(world: World, options: ReadyOptions): Promise<Readiness> {
  const database = world.database('database');
  const shape = await shapeOf(database);
  const [admin] = await database.query<{ email: string }>(
    `SELECT email FROM ${shape.table('user')} WHERE "isAdmin" AND "deletedAt" IS NULL ORDER BY "createdAt" LIMIT 1`,
  );
  const reasons = admin ? [] : ['no admin: the user table has nobody who could sign in to set things right'];
  if (await migrationsLocked(world, shape)) reasons.push('the migrations are locked, as if one were still running');
  if (!options.hasLibrary) return told(reasons, `admin ${admin?.email}; there are no files to look at`);
  reasons.push(...(await missingMarkers(world, options.leavesOut)));
  const oldest = await lookAtOldest(world, shape, options);
  reasons.push(...oldest.wrong);
  return told(
    reasons,
    `admin ${admin?.email}, the markers and the oldest photo of ${oldest.right} users with its SHA-1`,
  );
}

function told(reasons: readonly string[], found: string): Readiness {
  const ready = reasons.length === 0;
  return { ready, saw: `${ready ? found : reasons.join('; ')} (${STAND_IN})`, isFinal: !ready };
}

async function migrationsLocked(world: World, shape: Shape): Promise<boolean> {
  if (!shape.hasTable('kysely_migrations_lock', 'is_locked')) return false;
  const sql = 'SELECT FROM kysely_migrations_lock WHERE is_locked <> 0';
  return (await world.database('database').query(sql)).length > 0;
}

async function missingMarkers(world: World, leavesOut: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const folder of MEDIA_FOLDERS)
    if (!leavesOut.includes(folder) && !(await world.volume('library').has(`${folder}/${MARKER}`)))
      missing.push(`${folder}/${MARKER} is missing: Immich takes the folder for an empty mount`);
  return missing;
}

/** The files that it looks at: the markers, and the oldest photo of each user. */
export async function neededToStart(
  world: World,
  { mediaRoots, leavesOut }: Pick<ReadyOptions, 'mediaRoots' | 'leavesOut'>,
): Promise<string[]> {
  const folders = MEDIA_FOLDERS.filter((folder) => !leavesOut.includes(folder));
  const oldest = await oldestOfEach(world, await shapeOf(world.database('database')), mediaRoots);
  return [...folders.map((folder) => `${folder}/${MARKER}`), ...oldest.map(({ path }) => path)];
}

interface OldestPhoto {
  readonly email: string;
  readonly name: string;
  readonly sha1: string;
  readonly path: string;
}

async function oldestOfEach(world: World, shape: Shape, mediaRoots: readonly string[]): Promise<OldestPhoto[]> {
  const place = rootMapping(shape, mediaRoots).place('a."originalPath"');
  const bytes = shape.has('asset', 'checksumAlgorithm') ? `a."checksumAlgorithm" = 'sha1'` : 'true';
  return await world.database('database').query<OldestPhoto>(
    `SELECT DISTINCT ON (a."ownerId") u.email, a."originalFileName" AS name, encode(a.checksum, 'hex') AS sha1, ${place} AS path
     FROM ${shape.table('asset')} a JOIN ${shape.table('user')} u ON u.id = a."ownerId"
     WHERE NOT a."isExternal" AND a."deletedAt" IS NULL AND ${bytes} AND NOT starts_with(${place}, 'encoded-video/')
     ORDER BY a."ownerId", a."createdAt", a.id`,
  );
}

async function lookAtOldest(
  world: World,
  shape: Shape,
  { mediaRoots, isPart }: ReadyOptions,
): Promise<{ right: number; wrong: string[] }> {
  const oldest = await oldestOfEach(world, shape, mediaRoots);
  const wrong: string[] = [];
  let right = oldest.length;
  if (oldest.length === 0) wrong.push('no user has a photo below the media root');
  for (const { email, name, sha1, path } of oldest) {
    const photo = `the oldest photo of ${email}, ${name},`;
    const there = await world.volume('library').has(path);
    if (!there && isPart) right -= 1;
    else if (!there) wrong.push(`${photo} is missing: ${path}`);
    else if (hash('sha1', await world.volume('library').read(path), 'hex') !== sha1)
      wrong.push(`${photo} has other bytes`);
  }
  return { right: right - wrong.length, wrong };
}
