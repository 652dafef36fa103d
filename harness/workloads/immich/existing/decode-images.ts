import type { DecodedImage, ImageDecoder } from '../../../model/image-decoder.ts';
import type { FileEntry, Sighting } from '../../../model/manifest.ts';
import type { Volume } from '../../../model/target.ts';

/** What sharp can decode everywhere; other kinds of image are told apart by their checksum alone. */
const DECODABLE = /\.(jpe?g|png|webp|gif|tiff?|avif)$/i;
/** Larger files would take more memory than a drill may have. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Kinds of image of which each has a sample of its own: what is rare would hardly be in one of all. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['profile images', /^profile\//],
  ['thumbnails', /^thumbs\/.*_?thumbnail/],
  ['previews', /^thumbs\//],
  ['originals', /^(upload|library)\//],
];

/** The kind of sighting that an image makes. */
export const IMAGE = 'image';

/** Decodes a sample of the images of a library, and says of each whether that went well. */
export async function decodeImages(
  volume: Volume,
  files: AsyncIterable<FileEntry>,
  count: number,
  decoder: ImageDecoder,
  kept?: ReadonlySet<string>,
): Promise<{ readonly sightings: Sighting[]; readonly of: number }> {
  const { chosen, of } = await chooseImages(files, count, kept);
  const sightings: Sighting[] = [];
  for (const path of chosen) {
    const { ok, saw } = await decodeAt(decoder, volume, path);
    sightings.push({ id: `${IMAGE} ${path}`, kind: IMAGE, ok, saw });
  }
  return { sightings, of };
}

/** Chooses so many images of every kind by chance, among those that are kept when not all of them are. */
export async function chooseImages(
  files: AsyncIterable<FileEntry>,
  count: number,
  kept?: ReadonlySet<string>,
): Promise<{ readonly chosen: readonly string[]; readonly of: number }> {
  const samples = new Map<string, { seen: number; readonly chosen: string[] }>();
  let of = 0;
  // Every image of a kind has the same chance, however many there are, and no more than the sample is held.
  for await (const file of files) {
    if (file.type !== 'file' || file.sizeBytes > MAX_BYTES || !DECODABLE.test(file.path)) continue;
    of += 1;
    if (kept && !kept.has(file.path)) continue;
    const kind = KINDS.find(([, pattern]) => pattern.test(file.path))?.[0] ?? 'others';
    const sample = samples.get(kind) ?? { seen: 0, chosen: [] };
    samples.set(kind, sample);
    sample.seen += 1;
    if (sample.chosen.length < count) sample.chosen.push(file.path);
    else {
      const at = Math.floor(Math.random() * sample.seen);
      if (at < count) sample.chosen[at] = file.path;
    }
  }
  return { chosen: [...samples.values()].flatMap(({ chosen }) => chosen), of };
}

/** An image whose file cannot be read is not one that can be looked at. */
export async function decodeAt(decoder: ImageDecoder, volume: Volume, path: string): Promise<DecodedImage> {
  let bytes: Uint8Array;
  try {
    bytes = await volume.read(path);
  } catch (error) {
    return { ok: false, saw: error instanceof Error ? error.message : String(error) };
  }
  return await decoder.decode(path, bytes);
}
