import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const MIB = 1024 ** 2;
const LONGEST_BYTES = 64 * MIB;
const CHUNK_BYTES = 4 * MIB;

/**
 * The text of an ordinary file in UTF-8, of at most 64 MiB unless told otherwise. Throws an `Error` whose message says
 * what is wrong with it: a pipe or a device would never end, and bytes that are no text would be read as something else.
 */
export function readText(file: string, longestBytes = LONGEST_BYTES): string {
  const bytes = readBytes(file, longestBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is no text in UTF-8');
  }
}

/** The bytes of an ordinary file, with the same bounds. */
export function readBytes(file: string, longestBytes = LONGEST_BYTES): Buffer {
  // Not to wait for whoever may never write to a pipe.
  const descriptor = opened(file);
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new Error('it is a folder');
    if (!stat.isFile()) throw new Error('it is a pipe, a socket or a device, and no ordinary file');
    if (stat.size > longestBytes) throw tooLarge(stat.size, longestBytes);
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, stat.size - length + 1));
      const count = readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) return Buffer.concat(chunks, length);
      chunks.push(chunk.subarray(0, count));
      length += count;
      // It may grow while it is read.
      if (length > longestBytes) throw tooLarge(length, longestBytes);
      if (length > stat.size) return Buffer.concat(chunks, stat.size);
    }
  } finally {
    closeSync(descriptor);
  }
}

function opened(file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A socket cannot be opened at all.
    if (code === 'ENXIO') throw new Error('it is a pipe, a socket or a device, and no ordinary file');
    if (code === 'ENOENT') throw Object.assign(new Error('ENOENT, it is not there'), { code });
    throw Object.assign(new Error(`${code ?? String(error)}, it cannot be opened`), { code });
  }
}

function tooLarge(sizeBytes: number, longestBytes: number): Error {
  return new Error(`it has ${sizeBytes} bytes, more than the ${longestBytes} that are read`);
}
