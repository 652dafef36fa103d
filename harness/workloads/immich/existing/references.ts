import type { Reference } from '../../../model/manifest.ts';
import type { Database } from '../../../model/target.ts';
import { type RootMapping, rootMapping } from './root-mapping.ts';
import { type Shape, shapeOf } from './shape.ts';

/** What a file is to its row. */
export const ORIGINAL = 'original';

/** Every file that the rows demand, sorted by its path in the volume; `roots` are media roots of the user's own. */
export async function* referencesFound(
  database: Database,
  component: string,
  roots: readonly string[],
): AsyncGenerator<Reference> {
  const shape = await shapeOf(database);
  for await (const [path, kind, owner, sha1, size, regenerable, writtenAt] of database.copyOut(
    `COPY (${query(shape, rootMapping(shape, roots))}) TO STDOUT`,
  ))
    yield {
      path: path ?? '',
      component,
      kind: kind ?? '',
      owner: owner ?? '',
      sha1: sha1 ?? '',
      sizeBytes: Number(size),
      regenerable: regenerable === 't',
      ...(writtenAt && { writtenAt: new Date(writtenAt).toISOString() }),
    };
}

function query(shape: Shape, mapping: RootMapping): string {
  return `
    WITH demanded AS (${demanded(shape)}), relative AS (SELECT ${mapping.place('path')} AS place, demanded.* FROM demanded)
    SELECT place, kind, owner, sha1, size, regenerable OR starts_with(place, 'encoded-video/'), written
    FROM relative ORDER BY place COLLATE "C", owner COLLATE "C"`;
}

/** SQL for every path in the rows as it is there, with what its file is to which row. */
export function demanded(shape: Shape): string {
  const all = kinds(shape).join(' UNION ALL ');
  return `SELECT * FROM (${all}) AS demanded (path, kind, owner, sha1, size, regenerable, written) WHERE path <> ''`;
}

/** One query a kind of file. Assets that are being deleted for good may have lost their files already. */
function kinds(shape: Shape): string[] {
  const asset = shape.table('asset');
  const alive = shape.has('asset', 'status') ? `a.status <> 'deleted'` : 'true';
  const bytes = shape.has('asset', 'checksumAlgorithm') ? `a."checksumAlgorithm" = 'sha1'` : 'true';
  const named = (what: string) => `format('asset %s (%s) %s', a.id, a."originalFileName", ${what})`;
  const column = (name: string, what: string, regenerable: boolean) =>
    shape.has('asset', name)
      ? [
          `SELECT a."${name}", '${what}', ${named(`'${what}'`)}, '', -1, ${regenerable}, NULL FROM ${asset} a
           WHERE coalesce(a."${name}", '') <> '' AND NOT a."isExternal" AND ${alive}`,
        ]
      : [];
  const person = shape.hasTable('person', 'id') ? 'id' : '"personGroupId"';
  return [
    `SELECT a."originalPath", '${ORIGINAL}', ${named(`'${ORIGINAL}'`)}, CASE WHEN ${bytes} THEN encode(a.checksum, 'hex') ELSE '' END,
       coalesce(e."fileSizeInByte", -1), false, a."createdAt"
     FROM ${asset} a LEFT JOIN ${shape.table('exif')} e ON e."assetId" = a.id WHERE NOT a."isExternal" AND ${alive}`,
    // Sidecars of external assets lie beside their originals, outside of the media root.
    `SELECT f.path, f.type, ${named('f.type')}, '', -1, f.type <> 'sidecar', NULL
     FROM ${shape.table('file')} f JOIN ${asset} a ON a.id = f."assetId"
     WHERE NOT (a."isExternal" AND f.type = 'sidecar') AND ${alive}`,
    ...column('sidecarPath', 'sidecar', false),
    ...column('encodedVideoPath', 'encoded_video', true),
    ...(shape.hasTable('person', 'thumbnailPath')
      ? [`SELECT "thumbnailPath", 'person', format('person %s thumbnail', ${person}), '', -1, true, NULL FROM person`]
      : []),
    `SELECT "profileImagePath", 'profile', format('user %s profile image', email), '', -1, false, NULL FROM ${shape.table('user')}`,
  ];
}
