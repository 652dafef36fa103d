import type { Reference } from '../../model/manifest.ts';
import type { Database } from '../../model/target.ts';
import { MEDIA_ROOT } from './layout.ts';

/** The media root as the database knows it: paths of rows begin with it. */
export const MEDIA_LOCATION = `coalesce((SELECT value->>'location' FROM system_metadata WHERE key = 'MediaLocation'), '${MEDIA_ROOT}')`;

/** One query a kind of file: path, owner, SHA-1 in hex, size, and whether the server can make it again. */
const KINDS = [
  `SELECT a."originalPath", format('asset %s (%s) original', a.id, a."originalFileName"),
     CASE a."checksumAlgorithm" WHEN 'sha1' THEN encode(a.checksum, 'hex') ELSE '' END,
     coalesce(e."fileSizeInByte", -1), false
   FROM asset a LEFT JOIN asset_exif e ON e."assetId" = a.id WHERE NOT a."isExternal"`,
  // Sidecars of external assets lie beside their originals, outside of the media root.
  `SELECT f.path, format('asset %s (%s) %s', a.id, a."originalFileName", f.type || CASE WHEN f."isEdited" THEN ', edited' ELSE '' END),
     '', -1, f.type <> 'sidecar'
   FROM asset_file f JOIN asset a ON a.id = f."assetId" WHERE NOT (a."isExternal" AND f.type = 'sidecar')`,
  `SELECT "thumbnailPath", format('person %s thumbnail', id), '', -1, true FROM person WHERE "thumbnailPath" <> ''`,
  `SELECT "profileImagePath", format('user %s profile image', email), '', -1, false FROM "user" WHERE "profileImagePath" <> ''`,
];

/** A path outside of the media root stays as it is but for its slash: no volume has it, so it counts as missing. */
const QUERY = `COPY (
  WITH root AS (SELECT ${MEDIA_LOCATION} || '/' AS prefix),
  demanded (path, owner, sha1, size, regenerable) AS (${KINDS.join(' UNION ALL ')}),
  relative AS (
    SELECT CASE WHEN starts_with(path, prefix) THEN substr(path, length(prefix) + 1) ELSE ltrim(path, '/') END AS place, demanded.*
    FROM demanded, root
  )
  SELECT place, owner, sha1, size, regenerable OR starts_with(place, 'encoded-video/') FROM relative
  ORDER BY place COLLATE "C", owner COLLATE "C"
) TO STDOUT`;

/** Every file that the rows demand, sorted by its path in the volume. */
export async function* referencesOf(database: Database, component: string): AsyncGenerator<Reference> {
  for await (const [path, owner, sha1, size, regenerable] of database.copyOut(QUERY))
    yield {
      path: path ?? '',
      component,
      owner: owner ?? '',
      sha1: sha1 ?? '',
      sizeBytes: Number(size),
      regenerable: regenerable === 't',
    };
}
