/** How much is read of a folder to compare bytes: enough for lists, keys and thumbnails, and a second of a slow disk. */
export const DIGEST_BYTES = 64 * 1024 ** 2;
const DIGEST_FILES = 2_000;

/** A file whose bytes may be read. */
export interface Candidate {
  readonly path: string;
  readonly bytesPath: Buffer;
  readonly sizeBytes: number;
  readonly inode: string;
}

/** The smallest of the files that it is offered, as many as there is a budget for; of the same files always the same. */
export class SmallestFiles {
  #files: Candidate[] = [];

  offer(file: Candidate): void {
    this.#files.push(file);
    if (this.#files.length >= 2 * DIGEST_FILES) this.#files = this.#smallest();
  }

  chosen(): readonly Candidate[] {
    let left = DIGEST_BYTES;
    return this.#smallest().filter(({ sizeBytes }) => {
      left -= sizeBytes;
      return left >= 0;
    });
  }

  #smallest(): Candidate[] {
    return this.#files
      .toSorted((a, b) => a.sizeBytes - b.sizeBytes || Buffer.compare(a.bytesPath, b.bytesPath))
      .slice(0, DIGEST_FILES);
  }
}
