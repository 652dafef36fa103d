import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';

/** The digest of a file of evidence, and how many lines it has, as they lie on the disk. */
export async function digestOf(path: string): Promise<{ readonly sha256: string; readonly lines: number }> {
  const sha256 = createHash('sha256');
  let lines = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  return { sha256: sha256.digest('hex'), lines };
}

/** Writes files one after the other into one, which has its name only once all of it is on the disk. */
export async function joinFiles(parts: readonly string[], into: string): Promise<void> {
  const partial = `${into}.partial`;
  const file = await open(partial, 'w');
  try {
    for (const part of parts) for await (const chunk of createReadStream(part)) await file.write(chunk as Buffer);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(partial, into);
}
