import type { Sighting } from '../../../model/manifest.ts';
import type { Database } from '../../../model/target.ts';
import type { Shape } from './shape.ts';

/** The kind of sighting that a relation among rows makes. */
export const RELATION = 'relation';

/** Something that holds in every database of Immich; `broken` selects those rows of which it does not, as `what`. */
interface Relation {
  readonly name: string;
  readonly broken: string;
}

/** Looks at what Immich guarantees of its rows, keys or not: how many break it, and the first of them by name. */
export async function relationsOf(database: Database, shape: Shape): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  for (const { name, broken } of [...ofAssets(shape), ...ofAlbums(shape), ...ofOthers(shape), ...ofSchema(shape)]) {
    const [row] = await database.query<{ count: number; some: string[] | null }>(
      `SELECT count(*)::float8 AS count, (array_agg(what ORDER BY what))[1:3] AS some FROM (${broken}) broken`,
    );
    const { count = 0, some } = row ?? {};
    sightings.push({
      id: `${RELATION} ${name}`,
      kind: RELATION,
      ok: count === 0,
      saw: count === 0 ? 'none without' : `${count} without, such as ${(some ?? []).join(', ')}`,
    });
  }
  return sightings;
}

const ASSET = `format('asset %s (%s)', a.id, a."originalFileName")`;

function ofAssets(shape: Shape): Relation[] {
  const asset = `${shape.table('asset')} a`;
  const bytes = shape.has('asset', 'checksumAlgorithm') ? ` AND a."checksumAlgorithm"::text LIKE 'sha1%'` : '';
  const relations: Relation[] = [
    {
      name: 'every asset has a checksum of 20 bytes',
      broken: `SELECT ${ASSET} AS what FROM ${asset} WHERE octet_length(a.checksum) IS DISTINCT FROM 20${bytes}`,
    },
    {
      name: 'every asset has a file name and a path',
      broken: `SELECT ${ASSET} AS what FROM ${asset} WHERE a."originalPath" = '' OR a."originalFileName" = ''`,
    },
    {
      name: 'every asset has an owner who is there',
      broken: `SELECT ${ASSET} AS what FROM ${asset} LEFT JOIN ${shape.table('user')} u ON u.id = a."ownerId" WHERE u.id IS NULL`,
    },
  ];
  if (shape.hasTable('asset_job_status', 'metadataExtractedAt'))
    relations.push({
      name: 'every asset whose metadata was extracted has its row of exif',
      broken: `SELECT ${ASSET} AS what FROM ${asset} JOIN asset_job_status j ON j."assetId" = a.id
        LEFT JOIN ${shape.table('exif')} e ON e."assetId" = a.id WHERE j."metadataExtractedAt" IS NOT NULL AND e."assetId" IS NULL`,
    });
  if (shape.has('asset', 'livePhotoVideoId'))
    relations.push({
      name: 'every live photo has its video',
      broken: `SELECT ${ASSET} AS what FROM ${asset} LEFT JOIN ${shape.table('asset')} v ON v.id = a."livePhotoVideoId"
        WHERE a."livePhotoVideoId" IS NOT NULL AND v.type IS DISTINCT FROM 'VIDEO'`,
    });
  return relations;
}

function ofAlbums(shape: Shape): Relation[] {
  if (!shape.has('album') || !shape.has('albumUser')) return [];
  const album = `${shape.table('album')} b`;
  const what = `format('album %s (%s)', b.id, b."albumName") AS what`;
  const owned = shape.has('album', 'ownerId')
    ? `SELECT ${what} FROM ${album} LEFT JOIN ${shape.table('user')} u ON u.id = b."ownerId" WHERE u.id IS NULL`
    : `SELECT ${what} FROM ${album} WHERE NOT EXISTS (SELECT FROM ${shape.table('albumUser')} m WHERE m."albumId" = b.id AND m.role::text = 'owner')`;
  const relations = [{ name: 'every album has an owner', broken: owned }];
  if (
    shape.has('album', 'albumThumbnailAssetId') &&
    shape.has('albumAsset', 'albumId') &&
    shape.has('albumAsset', 'assetId')
  )
    relations.push({
      name: 'every album with a cover has assets',
      broken: `SELECT ${what} FROM ${album} WHERE b."albumThumbnailAssetId" IS NOT NULL AND b."deletedAt" IS NULL
        AND NOT EXISTS (SELECT FROM ${shape.table('albumAsset')} l WHERE l."albumId" = b.id)`,
    });
  return relations;
}

function ofOthers(shape: Shape): Relation[] {
  const relations: Relation[] = [];
  if (shape.hasTable('person', 'faceAssetId') && shape.hasTable('person', 'id') && shape.has('face'))
    relations.push({
      name: 'every person with a face of their own has it',
      broken: `SELECT format('person %s (%s)', p.id, p.name) AS what FROM person p LEFT JOIN ${shape.table('face')} f ON f.id = p."faceAssetId"
        WHERE p."faceAssetId" IS NOT NULL AND f.id IS NULL`,
    });
  if (shape.has('stack', 'primaryAssetId') && shape.has('asset', 'stackId'))
    relations.push({
      name: 'every stack has its first asset in it',
      broken: `SELECT format('stack %s', s.id) AS what FROM ${shape.table('stack')} s LEFT JOIN ${shape.table('asset')} a
        ON a.id = s."primaryAssetId" AND a."stackId" = s.id WHERE a.id IS NULL`,
    });
  if (shape.has('tag') && shape.hasTable('tag_closure', 'id_ancestor'))
    relations.push({
      name: 'every tag is in the tree of tags',
      broken: `SELECT format('tag %s (%s)', t.id, t.value) AS what FROM ${shape.table('tag')} t LEFT JOIN tag_closure c
        ON c.id_ancestor = t.id AND c.id_descendant = t.id WHERE c.id_ancestor IS NULL`,
    });
  if (shape.has('user', 'quotaUsageInBytes') && shape.has('asset', 'libraryId')) relations.push(quota(shape));
  return relations;
}

/** Immich adds every upload to what its owner uses, and takes every deletion off: more than there is means that assets went otherwise. */
function quota(shape: Shape): Relation {
  return {
    name: 'nobody uses more bytes than their assets have',
    broken: `SELECT format('user %s, who uses %s bytes and has assets of %s', u.email, u."quotaUsageInBytes", s.bytes) AS what
      FROM ${shape.table('user')} u CROSS JOIN LATERAL (SELECT coalesce(sum(e."fileSizeInByte"), 0) AS bytes
        FROM ${shape.table('asset')} a JOIN ${shape.table('exif')} e ON e."assetId" = a.id WHERE a."ownerId" = u.id AND a."libraryId" IS NULL) s
      WHERE u."quotaUsageInBytes" > s.bytes`,
  };
}

/** Immich records the functions, triggers and indexes that it has made by hand; what people made themselves is not among them. */
function ofSchema(shape: Shape): Relation[] {
  if (!shape.hasTable('migration_overrides', 'value')) return [];
  const bare = (text: string) => `lower(regexp_replace(${text}, '[[:space:]";]+', '', 'g'))`;
  const recorded = `migration_overrides o WHERE jsonb_typeof(o.value) = 'object' AND o.value->>'type'`;
  // Indexes of places and vectors are made again, at times under other names.
  const madeAgain = `(o.value->>'sql') ~ 'geodata_places' OR o.value->>'name' IN ('clip_index', 'face_index')`;
  return [
    {
      name: 'every function does what Immich recorded of it',
      broken: `SELECT format('function %s', p.proname) AS what FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosrc <> ''
        AND EXISTS (SELECT FROM ${recorded} = 'function' AND o.value->>'name' = p.proname)
        AND NOT EXISTS (SELECT FROM ${recorded} = 'function' AND o.value->>'name' = p.proname AND strpos(${bare(`o.value->>'sql'`)}, ${bare('p.prosrc')}) > 0)`,
    },
    {
      name: 'everything is there that Immich recorded of its schema',
      broken: `SELECT format('%s %s', o.value->>'type', o.value->>'name') AS what FROM migration_overrides o WHERE NOT (${madeAgain}) AND CASE o.value->>'type'
        WHEN 'function' THEN NOT EXISTS (SELECT FROM pg_proc p WHERE p.proname = o.value->>'name')
        WHEN 'trigger' THEN NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgname = o.value->>'name')
        WHEN 'index' THEN NOT EXISTS (SELECT FROM pg_class c WHERE c.relname = o.value->>'name' AND c.relkind IN ('i', 'I')) END`,
    },
  ];
}
