import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** How much of the beginning, and how much of the end, is kept of what a job says. */
const HEAD_BYTES = 2 * 1024 * 1024;
const TAIL_BYTES = 2 * 1024 * 1024;

/** The log of a job: its beginning as it comes, and of a very long one only the end beside that. */
export class BoundedLog {
  readonly #file: WriteStream;
  readonly #headBytes: number;
  readonly #tailBytes: number;
  #writtenBytes = 0;
  #tail: string[] = [];
  #tailSizeBytes = 0;
  #leftOutLines = 0;
  #leftOutBytes = 0;

  constructor(path: string, { headBytes = HEAD_BYTES, tailBytes = TAIL_BYTES } = {}) {
    this.#headBytes = headBytes;
    this.#tailBytes = tailBytes;
    this.#file = createWriteStream(path, { flags: 'a', mode: 0o600 });
    // Without a listener a log that cannot be written would end the process; the journal tells of a full disk.
    this.#file.on('error', () => {});
  }

  write(line: string): void {
    const text = `${line}\n`;
    const sizeBytes = Buffer.byteLength(text);
    if (this.#tail.length === 0 && this.#writtenBytes + sizeBytes <= this.#headBytes) {
      this.#writtenBytes += sizeBytes;
      this.#file.write(text);
      return;
    }
    this.#tail.push(text);
    this.#tailSizeBytes += sizeBytes;
    // Cut seldom and much, as taking lines off the front one by one moves all the others.
    if (this.#tailSizeBytes > 2 * this.#tailBytes) this.#cut();
  }

  /** Writes the end of what was said, and closes the file; one that cannot be written breaks nothing. */
  async end(): Promise<void> {
    this.#cut();
    if (this.#leftOutLines > 0)
      this.#file.write(`… ${this.#leftOutLines} lines (${this.#leftOutBytes} bytes) are left out here …\n`);
    for (const text of this.#tail.splice(0)) this.#file.write(text);
    this.#file.end();
    await finished(this.#file).catch(() => {});
  }

  #cut(): void {
    let first = 0;
    while (this.#tailSizeBytes > this.#tailBytes && first < this.#tail.length) {
      const sizeBytes = Buffer.byteLength(this.#tail[first] ?? '');
      this.#tailSizeBytes -= sizeBytes;
      this.#leftOutBytes += sizeBytes;
      first += 1;
    }
    this.#leftOutLines += first;
    this.#tail = this.#tail.slice(first);
  }
}
