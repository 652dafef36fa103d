import type { ImageDecoder } from '../../../model/image-decoder.ts';
import { compareBytes, type FileEntry, type Sighting } from '../../../model/manifest.ts';
import type { Database, World } from '../../../model/target.ts';
import type { Inspection, NotTested } from '../../../model/workload.ts';
import { lookIntoFiles } from './look-into-files.ts';
import { countFiles, countRows } from './numbers.ts';
import { demanded } from './references.ts';
import { relationsOf } from './relations.ts';
import { rootMapping } from './root-mapping.ts';
import { servingStates } from './serving.ts';
import { type Shape, shapeOf } from './shape.ts';
import { youngestRow } from './youngest-row.ts';

/** The kinds of sighting that the database makes. */
export const MIGRATION = 'migration';
export const ROOT = 'root';
/** The one that the database itself names. */
export const SAVED_ROOT = 'saved-root';

/** What is not tested where no server is started. */
export const SERVER_ITSELF = 'the Immich server itself';

/** What to look at beside rows and files. */
export interface InspectionOptions {
  /** How many images to decode. */
  readonly images: number;
  openDecoder(): Promise<ImageDecoder>;
  /** Media roots of the user's own. */
  readonly mediaRoots: readonly string[];
  readonly hasLibrary: boolean;
  /** When the last run that passed began, as an ISO time. */
  readonly since?: string;
  /** Only some of the files were restored. */
  readonly isSample: boolean;
  /** The repository that the backup came from is not looked at as a whole. */
  readonly storeUnchecked: boolean;
}

/** Looks at a restored Immich: its version, its migrations, where its media are, and whether its images are images. */
export async function inspectFound(
  world: World,
  listFiles: () => AsyncIterable<FileEntry> | undefined,
  options: InspectionOptions,
  kept?: ReadonlySet<string>,
): Promise<Inspection> {
  const database = world.database('database');
  const shape = await shapeOf(database);
  const version = await versionOf(database, shape);
  const sightings = [
    ...(await migrations(database, shape)),
    ...(await roots(database, shape, options.mediaRoots)),
    ...(await relationsOf(database, shape)),
    ...(await servingStates(database, shape)),
  ];
  const facts: Numbers = { ...(version && { 'Immich version': version }), ...(await numbers(database, shape)) };
  const files = options.isSample ? undefined : listFiles();
  const counted = {
    ...(await countRows(database, shape)),
    ...(await deletedSince(database, shape, options.since)),
    ...(files && (await countFiles(files))),
  };
  const seen = await lookIntoFiles(world, listFiles, shape, options, kept);
  sightings.push(...seen.sightings);
  return {
    version,
    facts: { ...facts, ...seen.facts },
    numbers: counted,
    notTested: await notTested(database, shape, options),
    sightings: sightings.sort((a, b) => compareBytes(a.id, b.id)),
  };
}

type Numbers = Record<string, string | number>;

async function versionOf(database: Database, shape: Shape): Promise<string> {
  if (!shape.hasTable('version_history', 'version')) return '';
  const [row] = await database.query<{ version: string }>(
    'SELECT version FROM version_history ORDER BY "createdAt" DESC LIMIT 1',
  );
  return row ? `v${row.version.replace(/^v/, '')}` : '';
}

async function migrations(database: Database, shape: Shape): Promise<Sighting[]> {
  if (!shape.hasTable('kysely_migrations', 'name')) return [];
  const rows = await database.query<{ name: string }>('SELECT name FROM kysely_migrations');
  return rows.map(({ name }) => ({ id: `${MIGRATION} ${name}`, kind: MIGRATION, ok: true, saw: 'recorded' }));
}

/** Under which media roots the files of rows are, of every kind: more than one, and Immich does not start or does not find them. */
async function roots(database: Database, shape: Shape, more: readonly string[]): Promise<Sighting[]> {
  const mapping = rootMapping(shape, more);
  const rows = await database.query<{ root: string; count: number; example: string }>(
    `SELECT ${mapping.root('path')} AS root, count(*)::int AS count, min(format('%s (%s)', owner, path)) AS example
     FROM (${demanded(shape)}) AS demanded GROUP BY 1`,
  );
  const seen = rows.map(({ root, count, example }) => ({
    id: `${ROOT} ${root}`,
    kind: ROOT,
    ok: root !== '',
    saw: `${count} files, such as ${example}`,
  }));
  return [...seen, ...(await savedRoot(database, shape))];
}

/** The media root that Immich has noted, from which on it moves all paths when it starts with another one. */
async function savedRoot(database: Database, shape: Shape): Promise<Sighting[]> {
  if (!shape.hasTable('system_metadata')) return [];
  const rows = await database.query<{ root: string | null }>(
    `SELECT rtrim(value->>'location', '/') AS root FROM system_metadata WHERE key = 'MediaLocation'`,
  );
  return rows.flatMap(({ root }) =>
    root ? [{ id: `${SAVED_ROOT} ${root}`, kind: SAVED_ROOT, ok: true, saw: root }] : [],
  );
}

async function numbers(database: Database, shape: Shape): Promise<Numbers> {
  const [row] = await database.query<{ assets: number; external: number; users: number; newest: Date | null }>(
    `SELECT (SELECT count(*)::int FROM ${shape.table('asset')}) AS assets,
       (SELECT count(*)::int FROM ${shape.table('asset')} WHERE "isExternal") AS external,
       (SELECT count(*)::int FROM ${shape.table('user')} WHERE "deletedAt" IS NULL) AS users,
       (SELECT max("createdAt") FROM ${shape.table('asset')}) AS newest`,
  );
  return {
    assets: row?.assets ?? 0,
    users: row?.users ?? 0,
    ...(row && row.external > 0 && { externalAssets: row.external }),
    ...(row?.newest && { 'newest asset': row.newest.toISOString() }),
    'youngest row': await youngestRow(database, shape),
  };
}

/** How many assets were deleted since a time, as far as Immich keeps a record of that. */
async function deletedSince(
  database: Database,
  shape: Shape,
  since: string | undefined,
): Promise<Record<string, number>> {
  if (since === undefined || !shape.hasTable('asset_audit', 'deletedAt')) return {};
  const [row] = await database.query<{ count: number }>(
    'SELECT count(*)::float8 AS count FROM asset_audit WHERE "deletedAt" >= $1::timestamptz - interval \'2 days\'',
    [since],
  );
  return row ? { 'assets deleted since the last run': row.count } : {};
}

async function notTested(
  database: Database,
  shape: Shape,
  { hasLibrary, storeUnchecked }: InspectionOptions,
): Promise<NotTested[]> {
  const [external] = await database.query<{ count: number; example: string }>(
    `SELECT count(*)::int AS count, min("originalPath") AS example FROM ${shape.table('asset')} WHERE "isExternal"`,
  );
  const server = {
    what: SERVER_ITSELF,
    why: 'its rows and files are read as the server would read them, but none is started',
  };
  const pictures = {
    what: 'whose face or profile image a picture is, and what transcoded videos show',
    why: 'no row knows anything of their bytes: pictures are decoded, and videos are read by the boxes that they are made of',
  };
  const library = { what: 'the library', why: 'the configuration names no backup of its files' };
  const words = {
    what: 'the words and values in rows: titles, descriptions, places, names, dates, ratings, favourites',
    why: 'nothing in a dump vouches for text or values that were changed where they stand; a .sha256 made with the dump and kept beside it does',
  };
  const store = { what: 'the repository beside what was restored', why: 'the configuration says `check: false`' };
  const always = [server, words, hasLibrary ? pictures : library, ...(storeUnchecked ? [store] : [])];
  if (!external || external.count === 0) return always;
  const why = 'they lie outside of the media root, and the database knows no checksum of their bytes';
  return [...always, { what: `the files of ${external.count} external assets, such as ${external.example}`, why }];
}
