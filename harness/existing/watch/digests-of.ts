import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { digestEntry, type PlaceEntry } from '../../model/watch.ts';
import type { Candidate } from './smallest-files.ts';
import { below } from './walk-folder.ts';

/** A pipe that has taken the file's place must not hold the drill up, nor a link lead out of the folder. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Leaves the time of reading alone; only the owner of a file and root may ask for it, and only Linux has it. */
const QUIETLY = constants.O_NOATIME ?? 0;

/** The SHA-256 of files below a folder; one that is another by now, or that may not be read, has none. */
export async function* digestsOf(root: string, files: readonly Candidate[]): AsyncGenerator<PlaceEntry> {
  for (const file of files) {
    const sha256 = await digestOf(root, file);
    if (sha256) yield digestEntry(file.path, file.sizeBytes, sha256);
  }
}

async function digestOf(root: string, { bytesPath, sizeBytes, inode }: Candidate): Promise<string | undefined> {
  const file = await opened(below(root, bytesPath));
  if (!file) return undefined;
  try {
    const found = await file.stat({ bigint: true });
    if (!found.isFile() || String(found.ino) !== inode || Number(found.size) !== sizeBytes) return undefined;
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false, end: sizeBytes })) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

async function opened(path: Buffer): Promise<FileHandle | undefined> {
  for (const flags of [READ | QUIETLY, READ])
    try {
      return await open(path, flags);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
    }
  return undefined;
}
