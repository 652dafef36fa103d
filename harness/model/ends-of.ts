const NEWLINE = 10;

/** How much of a stream is passed on. */
export interface Ends {
  readonly headBytes: number;
  readonly tailBytes: number;
}

/** The beginning of a stream as it comes, and when it is over its end; what lies between is counted and let go. */
export async function* endsOf(
  chunks: AsyncIterable<Uint8Array>,
  { headBytes, tailBytes }: Ends,
): AsyncGenerator<Uint8Array> {
  let passedBytes = 0;
  let leftOutBytes = 0;
  let heldBytes = 0;
  const held: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const room = Math.min(chunk.length, Math.max(0, headBytes - passedBytes));
    passedBytes += room;
    if (room > 0) yield chunk.subarray(0, room);
    if (room === chunk.length) continue;
    held.push(chunk.subarray(room));
    heldBytes += chunk.length - room;
    while (heldBytes - (held[0]?.length ?? 0) >= tailBytes) {
      const gone = held.shift()?.length ?? 0;
      heldBytes -= gone;
      leftOutBytes += gone;
    }
  }
  const tail = Buffer.concat(held);
  // After a gap only whole lines: what is known of one is known by how it begins.
  const from = leftOutBytes === 0 ? 0 : tail.indexOf(NEWLINE) + 1;
  if (leftOutBytes > 0) yield Buffer.from(`\n… ${leftOutBytes + from} bytes are left out here …\n`);
  yield tail.subarray(from);
}
