import { createHash, type Hash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry } from '../../../model/manifest.ts';

const CHUNK_BYTES = 1024 * 1024;
const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
const MODE_BITS = 0o7777;

/** Reads one entry of a tree, with both digests when it is a file. Synchronous: for a worker thread. */
export function describe(root: string, path: string): FileEntry {
  const full = join(root, path);
  const stat = lstatSync(full);
  if (stat.isFile()) return describeFile(path, full);
  const type = stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'symlink' : 'other';
  const entry = { path, type, ...facts(stat), sizeBytes: 0, sha256: '', sha1: '' } as const;
  return type === 'symlink' ? { ...entry, target: readlinkSync(full) } : entry;
}

function describeFile(path: string, full: string): FileEntry {
  const file = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(file);
    return { path, type: 'file', ...facts(stat), ...digests(file) };
  } finally {
    closeSync(file);
  }
}

/** The size is what was read, not what the file system claims. */
function digests(file: number): Pick<FileEntry, 'sizeBytes' | 'sha256' | 'sha1'> {
  let read = readSync(file, chunk, 0, CHUNK_BYTES, null);
  if (read < CHUNK_BYTES) {
    const bytes = chunk.subarray(0, read);
    const rest = readSync(file, chunk, read, CHUNK_BYTES - read, null);
    if (rest === 0) return { sizeBytes: read, sha256: hash('sha256', bytes), sha1: hash('sha1', bytes) };
    read += rest;
  }
  const sha256 = createHash('sha256');
  const sha1 = createHash('sha1');
  let sizeBytes = 0;
  while (read > 0) {
    update([sha256, sha1], chunk.subarray(0, read));
    sizeBytes += read;
    read = readSync(file, chunk, 0, CHUNK_BYTES, null);
  }
  return { sizeBytes, sha256: sha256.digest('hex'), sha1: sha1.digest('hex') };
}

function update(hashes: Hash[], bytes: Buffer): void {
  for (const one of hashes) one.update(bytes);
}

function facts(stat: Stats): Pick<FileEntry, 'mode' | 'uid' | 'gid' | 'mtimeMs'> {
  return { mode: stat.mode & MODE_BITS, uid: stat.uid, gid: stat.gid, mtimeMs: Math.round(stat.mtimeMs) };
}
