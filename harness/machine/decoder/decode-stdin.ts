import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { DecodedImage } from '../../model/image-decoder.ts';
import { FRAME_HEAD_BYTES } from './frames.ts';

// Decodes each image that comes in on the standard input, behind its size in bytes, and answers each with a line of JSON.
// It runs in a sandbox: nothing that an image makes it do can reach anything.
/** No larger picture makes a ThumbHash. */
const MOST_PIXELS = 100;
sharp.cache(false);
sharp.concurrency(1);

let pending = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  pending = Buffer.concat([pending, chunk as Buffer]);
  while (pending.length >= FRAME_HEAD_BYTES) {
    const end = FRAME_HEAD_BYTES + pending.readUInt32BE();
    if (pending.length < end) break;
    const answer = await decode(pending.subarray(FRAME_HEAD_BYTES, end));
    pending = pending.subarray(end);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

async function decode(bytes: Buffer): Promise<DecodedImage> {
  try {
    const image = sharp(bytes, { failOn: 'error', sequentialRead: true });
    const { width, height, format } = await image.metadata();
    // All pixels are decoded, and none are kept.
    await image.stats();
    return { ok: true, saw: `${format}, ${width} by ${height}`, thumbhash: await thumbhashOf(bytes) };
  } catch (error) {
    return { ok: false, saw: error instanceof Error ? error.message : String(error) };
  }
}

/** What an image shows, as Immich takes it down beside its rows. */
async function thumbhashOf(bytes: Buffer): Promise<string> {
  const { data, info } = await sharp(bytes)
    .rotate()
    .resize(MOST_PIXELS, MOST_PIXELS, { fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('hex');
}
