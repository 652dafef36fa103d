import type { FileEntry, Sighting } from '../../../model/manifest.ts';
import type { Volume } from '../../../model/target.ts';

/** The kind of sighting that a transcoded video makes. */
export const VIDEO = 'video';

/** Immich transcodes to MP4, whatever the original was. */
const TRANSCODED = /^encoded-video\/.*\.mp4$/i;
/** A box has its size and its type first, and a size of its own behind them where that is a large one. */
const HEAD_BYTES = 16;
const SMALL_HEAD_BYTES = 8;
const LARGE = 1;
const TO_THE_END = 0;
/** Far more than any player expects at the top of a file. */
const MOST_BOXES = 10_000;
/** What says how to play it, at once or piece by piece. */
const INDEX = ['moov', 'moof'];

/** Looks whether some of the transcoded videos are whole, by the boxes that they are made of; none is played. */
export async function readVideos(
  volume: Pick<Volume, 'has' | 'read'>,
  files: AsyncIterable<FileEntry> | readonly FileEntry[],
  count: number,
  kept?: ReadonlySet<string>,
): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  for await (const { path, type, sizeBytes } of files) {
    if (type !== 'file' || !TRANSCODED.test(path) || (kept && !kept.has(path))) continue;
    if (sightings.length >= count) break;
    if (!(await volume.has(path))) continue;
    const why = await whyBroken(volume, path, sizeBytes);
    sightings.push({ id: `${VIDEO} ${path}`, kind: VIDEO, ok: why === undefined, saw: why ?? 'whole' });
  }
  return sightings;
}

async function whyBroken(volume: Pick<Volume, 'read'>, path: string, sizeBytes: number): Promise<string | undefined> {
  const seen = new Set<string>();
  let offset = 0;
  for (let box = 0; offset < sizeBytes && box < MOST_BOXES; box += 1) {
    const head = Buffer.from(await volume.read(path, { offset, length: HEAD_BYTES }));
    if (head.length < SMALL_HEAD_BYTES) return `it ends in the head of a box, at byte ${offset}`;
    const type = head.toString('latin1', 4, SMALL_HEAD_BYTES);
    if (box === 0 && type !== 'ftyp') return 'it does not begin as an MP4 does';
    const told = head.readUInt32BE(0);
    const isLarge = told === LARGE && head.length === HEAD_BYTES;
    const size = isLarge ? Number(head.readBigUInt64BE(SMALL_HEAD_BYTES)) : told;
    seen.add(type);
    if (size === TO_THE_END) break;
    if (!/^[ -~]{4}$/.test(type) || size < SMALL_HEAD_BYTES) return `there is no box at byte ${offset}`;
    offset += size;
    if (offset > sizeBytes) return `it is cut: ${type} ends at byte ${offset}, the file at ${sizeBytes}`;
  }
  if (seen.size === 0) return 'it is empty';
  return INDEX.some((type) => seen.has(type)) ? undefined : `it has no ${INDEX[0]}, without which nobody can play it`;
}
