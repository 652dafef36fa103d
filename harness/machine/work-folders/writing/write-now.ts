import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { FileAttributes } from '../../../model/target.ts';

const MODE = 0o644;
/** A link that came out of a backup is no way to another file. */
const WRITE_AS_IT_IS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

const REMOVE_TRIES = 3;

/** What to do to one absolute path; a touched one that ends in `/` is a folder. */
export type Writing =
  | { readonly kind: 'write'; readonly full: string; readonly bytes: Uint8Array; readonly attributes: FileAttributes }
  | { readonly kind: 'touch'; readonly full: string; readonly attributes: FileAttributes }
  | { readonly kind: 'remove'; readonly full: string };

/**
 * Writes, touches or removes at once, making the folders above. Synchronous: through the thread pool writing costs
 * several times the CPU, and removing a large tree several hundred MiB of memory.
 */
export function writeNow(writing: Writing): void {
  const { kind, full } = writing;
  if (kind === 'write') writeFile(full, writing.bytes, writing.attributes);
  else if (kind === 'touch') touch(full, writing.attributes);
  else rmSync(full, { recursive: true, force: true, maxRetries: REMOVE_TRIES });
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
    return openSync(full, WRITE_AS_IT_IS, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(full), { recursive: true });
    return openSync(full, WRITE_AS_IT_IS, mode);
  }
}

function touch(full: string, { mode, uid, gid, mtimeMs }: FileAttributes): void {
  mkdirSync(full.endsWith('/') ? full : dirname(full), { recursive: true });
  if (lstatSync(full.replace(/\/$/, '')).isSymbolicLink()) throw new Error(`${full} is a link, which is not followed`);
  if (uid !== undefined && gid !== undefined) chownSync(full, uid, gid);
  if (mode !== undefined) chmodSync(full, mode);
  if (mtimeMs !== undefined) utimesSync(full, mtimeMs / 1000, mtimeMs / 1000);
}
