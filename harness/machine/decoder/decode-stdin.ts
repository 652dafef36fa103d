import sharp from 'sharp';
import type { DecodedImage } from '../../model/image-decoder.ts';
import { FRAME_HEAD_BYTES } from './frames.ts';

// Decodes each image that comes in on the standard input, behind its size in bytes, and answers each with a line of JSON.
// It runs in a sandbox: nothing that an image makes it do can reach anything.
const SMALL_PIXELS = 16;
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
    const small = sharp(bytes).rotate().flatten().resize(SMALL_PIXELS, SMALL_PIXELS, { fit: 'fill' }).greyscale();
    return {
      ok: true,
      saw: `${format}, ${width} by ${height}`,
      small: (await small.raw().toBuffer()).toString('hex'),
    };
  } catch (error) {
    return { ok: false, saw: error instanceof Error ? error.message : String(error) };
  }
}
