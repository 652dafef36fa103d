import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes a file atomically: a reader, or a run killed half-way, never sees a part of it. Gives the path. */
export async function writeAtomically(path: string, content: string): Promise<string> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'w');
    try {
      // A lone surrogate would otherwise be written as bytes that no reader agrees on.
      await file.writeFile(content.toWellFormed(), 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return path;
}
