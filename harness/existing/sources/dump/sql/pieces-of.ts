import type { Volume } from '../../../../model/target.ts';

const PIECE_BYTES = 1024 ** 2;

/** The bytes of a file in a volume, one piece after the other; the next one is read while the last is worked on. */
export async function* piecesOf(volume: Volume, path: string): AsyncGenerator<Buffer> {
  let next = volume.read(path, { offset: 0, length: PIECE_BYTES });
  for (let offset = PIECE_BYTES; ; offset += PIECE_BYTES) {
    const piece = await next;
    const isLast = piece.length < PIECE_BYTES;
    if (!isLast) {
      next = volume.read(path, { offset, length: PIECE_BYTES });
      // Whoever stops before the end does not wait for it.
      next.catch(() => {});
    }
    if (piece.length > 0) yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    if (isLast) return;
  }
}
