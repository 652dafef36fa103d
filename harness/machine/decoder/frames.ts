/** Each image is sent behind its size, an unsigned number of 32 bits, the highest byte first. */
export const FRAME_HEAD_BYTES = 4;

/** The head of an image of so many bytes. */
export function frameHead(sizeBytes: number): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt32BE(sizeBytes);
  return head;
}
