/** As much of a line as is kept: longer ones are data, or a mistake. */
export const LINE_BYTES = 16 * 1024;

const NEWLINE = 10;
const RETURN = 13;

/**
 * The lines of what a program says, each cut to so many bytes with a note of what was left out. Memory stays small
 * whatever is sent; `\n` and `\r` end a line, so that progress bars do not pile up in one.
 */
export async function* boundedLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number = LINE_BYTES,
): AsyncGenerator<string> {
  const line = new BoundedLine(maxBytes);
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const end = endOfLine(chunk, from);
      line.add(chunk.subarray(from, end ?? chunk.length));
      if (end === undefined) break;
      // The second half of `\r\n`, and the empty steps of a progress bar.
      if (chunk[end] === NEWLINE ? !line.wasReturned : !line.isEmpty) yield line.take();
      line.wasReturned = chunk[end] === RETURN;
      from = end + 1;
    }
  }
  if (!line.isEmpty) yield line.take();
}

class BoundedLine {
  readonly #maxBytes: number;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #leftOutBytes = 0;
  wasReturned = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#keptBytes === 0 && this.#leftOutBytes === 0;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.wasReturned = false;
    const room = Math.min(bytes.length, this.#maxBytes - this.#keptBytes);
    // A copy: the rest of the chunk must not stay in memory with it.
    if (room > 0) this.#kept.push(bytes.slice(0, room));
    this.#keptBytes += room;
    this.#leftOutBytes += bytes.length - room;
  }

  take(): string {
    const text = Buffer.concat(this.#kept).toString('utf8');
    const note = this.#leftOutBytes > 0 ? ` … (${this.#leftOutBytes} more bytes of this line are left out)` : '';
    this.#kept = [];
    this.#keptBytes = 0;
    this.#leftOutBytes = 0;
    return text + note;
  }
}

function endOfLine(chunk: Uint8Array, from: number): number | undefined {
  const newline = chunk.indexOf(NEWLINE, from);
  const before = newline === -1 ? chunk.length : newline;
  const returned = chunk.subarray(from, before).indexOf(RETURN);
  if (returned !== -1) return from + returned;
  return newline === -1 ? undefined : newline;
}
