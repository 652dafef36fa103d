import type { ImageDecoder } from '../../../model/image-decoder.ts';
import type { Sighting } from '../../../model/manifest.ts';
import type { Database, Volume } from '../../../model/target.ts';
import { decodeAt } from './decode-images.ts';
import { rootMapping } from './root-mapping.ts';
import type { Shape } from './shape.ts';

/** The kind of sighting that a thumbnail beside its original makes. */
export const PICTURE = 'picture';

/** Two small versions of one photo have a correlation of 0.95 and more; most of different photos one far below this. */
const LEAST_ALIKE = 0.7;
/** Of a picture that is nearly of one colour nothing can be told. */
const LEAST_CONTRAST = 4;

interface Pair {
  readonly thumbnail: string;
  readonly original: string;
  readonly asset: string;
}

/** Compares a sample of thumbnails and previews with the originals that they must show; edited ones may look otherwise. */
export async function comparePictures(
  database: Database,
  volume: Volume,
  shape: Shape,
  { count, mediaRoots, decoder }: { count: number; mediaRoots: readonly string[]; decoder: ImageDecoder },
): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  for (const { thumbnail, original, asset } of await pairsOf(database, shape, mediaRoots, count)) {
    if (!(await volume.has(thumbnail)) || !(await volume.has(original))) continue;
    const [small, of] = [await decodeAt(decoder, volume, thumbnail), await decodeAt(decoder, volume, original)];
    const alike = likeness(small.small, of.small);
    if (alike === undefined) continue;
    const ok = alike >= LEAST_ALIKE;
    const saw = ok ? 'the same picture' : `another picture than ${asset}, ${original}`;
    sightings.push({ id: `${PICTURE} ${thumbnail}`, kind: PICTURE, ok, saw });
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
    `SELECT ${place('f.path')} AS thumbnail, ${place('a."originalPath"')} AS original, format('asset %s (%s)', a.id, a."originalFileName") AS asset
     FROM ${shape.table('file')} f JOIN ${shape.table('asset')} a ON a.id = f."assetId"
     WHERE f.type::text IN ('thumbnail', 'preview') AND a.type::text = 'IMAGE' AND NOT a."isExternal"${unedited}
     ORDER BY random() LIMIT ${Math.floor(count)}`,
  );
}

/** How much two small pictures are alike, 1 for the same; undefined where that cannot be told. */
export function likeness(one: string | undefined, other: string | undefined): number | undefined {
  if (one === undefined || other === undefined || one.length !== other.length || one.length === 0) return undefined;
  const [left, right] = [centred(one), centred(other)];
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  const [contrast, otherContrast] = [left, right].map((values) => Math.sqrt(product(values, values) / values.length));
  if (Math.min(contrast ?? 0, otherContrast ?? 0) < LEAST_CONTRAST) return undefined;
  return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
}

function centred(hex: string): number[] {
  const values = [...Buffer.from(hex, 'hex')];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
