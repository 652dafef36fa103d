import {
  chmodSync,
  chownSync,
  closeSync,
  fchmodSync,
  fchownSync,
  futimesSync,
  mkdirSync,
  openSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { FileAttributes } from '../../../model/target.ts';

const MODE = 0o644;

/** One file to write, or one path to touch when there are no bytes; a touched path that ends in `/` is a folder. */
export interface Writing {
  readonly full: string;
  readonly bytes: Uint8Array | undefined;
  readonly attributes: FileAttributes;
}

/** Writes or touches at once, making the folders above. Synchronous: through the thread pool it costs several times the CPU. */
export function writeNow({ full, bytes, attributes }: Writing): void {
  if (bytes) writeFile(full, bytes, attributes);
  else touch(full, attributes);
}

function writeFile(full: string, bytes: Uint8Array, { mode, uid, gid, mtimeMs }: FileAttributes): void {
  const file = openInFolder(full, mode ?? MODE);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    if (uid !== undefined && gid !== undefined) fchownSync(file, uid, gid);
    if (mode !== undefined) fchmodSync(file, mode);
    if (mtimeMs !== undefined) futimesSync(file, mtimeMs / 1000, mtimeMs / 1000);
  } finally {
    closeSync(file);
  }
}

/** Asks for the folder only when it is missing: nearly always it is there. */
function openInFolder(full: string, mode: number): number {
  try {
    return openSync(full, 'w', mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(full), { recursive: true });
    return openSync(full, 'w', mode);
  }
}

function touch(full: string, { mode, uid, gid, mtimeMs }: FileAttributes): void {
  mkdirSync(full.endsWith('/') ? full : dirname(full), { recursive: true });
  if (uid !== undefined && gid !== undefined) chownSync(full, uid, gid);
  if (mode !== undefined) chmodSync(full, mode);
  if (mtimeMs !== undefined) utimesSync(full, mtimeMs / 1000, mtimeMs / 1000);
}
