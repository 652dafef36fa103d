import { thumbHashToRGBA } from 'thumbhash';
import type { ImageDecoder } from '../../../model/image-decoder.ts';
import type { Sighting } from '../../../model/manifest.ts';
import type { Database, Volume } from '../../../model/target.ts';
import { decodeAt } from './decode-images.ts';
import { rootMapping } from './root-mapping.ts';
import type { Shape } from './shape.ts';

/** The kind of sighting that a thumbnail beside its original makes. */
export const PICTURE = 'picture';

/**
 * How far apart the colours of two ThumbHashes may be, of 255, as the root of the mean square: those of one photo and its thumbnails
 * were at most 36 apart, nine in ten of different photos more than 43.
 */
const MOST_APART = 45;
/** Both are compared at as many points each way. */
const POINTS = 16;

interface Pair {
  readonly path: string;
  readonly thumbhash: string;
  readonly asset: string;
}

/**
 * Compares a sample of thumbnails and previews with what Immich took down of the picture when it made them: also of videos, and of
 * originals that cannot be decoded here. Edited ones may look otherwise.
 */
export async function comparePictures(
  database: Database,
  volume: Volume,
  shape: Shape,
  { count, mediaRoots, decoder }: { count: number; mediaRoots: readonly string[]; decoder: ImageDecoder },
): Promise<Sighting[]> {
  if (!shape.has('asset', 'thumbhash')) return [];
  const sightings: Sighting[] = [];
  for (const { path, thumbhash, asset } of await pairsOf(database, shape, mediaRoots, count)) {
    if (!(await volume.has(path))) continue;
    const apart = colourDistance((await decodeAt(decoder, volume, path)).thumbhash, thumbhash);
    if (apart === undefined) continue;
    const ok = apart <= MOST_APART;
    const saw = ok ? 'its picture' : `another picture than ${asset}`;
    sightings.push({ id: `${PICTURE} ${path}`, kind: PICTURE, ok, saw });
  }
  return sightings;
}

async function pairsOf(
  database: Database,
  shape: Shape,
  mediaRoots: readonly string[],
  count: number,
): Promise<readonly Pair[]> {
  const { place } = rootMapping(shape, mediaRoots);
  const unedited = shape.has('asset', 'isEdited') ? ' AND NOT a."isEdited"' : '';
  return await database.query<Pair>(
    `SELECT ${place('f.path')} AS path, encode(a.thumbhash, 'hex') AS thumbhash, format('asset %s (%s)', a.id, a."originalFileName") AS asset
     FROM ${shape.table('file')} f JOIN ${shape.table('asset')} a ON a.id = f."assetId"
     WHERE f.type::text IN ('thumbnail', 'preview') AND a.thumbhash IS NOT NULL${unedited}
     ORDER BY random() LIMIT ${Math.floor(count)}`,
  );
}

/** How far apart two ThumbHashes are, from 0 to 255; undefined where one of them is none. */
export function colourDistance(one: string | undefined, other: string | undefined): number | undefined {
  const [left, right] = [coloursOf(one), coloursOf(other)];
  if (!left || !right) return undefined;
  const squares = left.reduce((sum, value, at) => sum + (value - (right[at] ?? 0)) ** 2, 0);
  return Math.sqrt(squares / left.length);
}

/** The colours that a ThumbHash shows, red, green and blue of one point after the other. */
function coloursOf(hex: string | undefined): number[] | undefined {
  try {
    const { w, h, rgba } = thumbHashToRGBA(Buffer.from(hex ?? '', 'hex'));
    const values = Array.from({ length: POINTS * POINTS }, (_, at) => {
      const [x, y] = [Math.floor(((at % POINTS) * w) / POINTS), Math.floor((Math.floor(at / POINTS) * h) / POINTS)];
      return [...rgba.subarray((y * w + x) * 4, (y * w + x) * 4 + 3)];
    }).flat();
    return values.length === POINTS * POINTS * 3 ? values : undefined;
  } catch {
    // What is no ThumbHash shows nothing.
    return undefined;
  }
}
