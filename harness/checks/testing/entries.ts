import { createHash } from 'node:crypto';
import type { CacheKey, FileEntry, Reference, RowDigest } from '../../model/manifest.ts';
import type { PathPromises, Receipt } from '../../model/path.ts';
import type { LedgerEntry } from '../../model/workload.ts';

/** Promises of a path that keeps everything. */
export const KEEPS_ALL: PathPromises = {
  keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
  leavesOut: [],
  quiesce: false,
};

/** A file whose bytes are the given text. */
export function file(path: string, bytes = `bytes of ${path}`, changes: Partial<FileEntry> = {}): FileEntry {
  return {
    path,
    type: 'file',
    sizeBytes: Buffer.byteLength(bytes),
    sha256: hash('sha256', bytes),
    sha1: hash('sha1', bytes),
    mode: 0o644,
    uid: 1000,
    gid: 1000,
    mtimeMs: Date.parse('2026-01-01T00:00:00Z'),
    ...changes,
  };
}

/** A folder. */
export function folder(path: string, changes: Partial<FileEntry> = {}): FileEntry {
  return { ...file(path, ''), type: 'directory', sizeBytes: 0, sha256: '', sha1: '', mode: 0o755, ...changes };
}

/** A row whose digest stands for the given values. */
export function row(table: string, key: string, values = `values of ${key}`): RowDigest {
  return { table, key, digest: hash('sha256', `${table} ${values}`) };
}

/** What a row says of a file. */
export function reference(of: FileEntry, changes: Partial<Reference> = {}): Reference {
  const { path, sha1, sizeBytes } = of;
  return { path, component: 'library', owner: `asset of ${path}`, sha1, sizeBytes, regenerable: false, ...changes };
}

/** A key that never expires. */
export function cacheKey(key: string, changes: Partial<CacheKey> = {}): CacheKey {
  return { key, type: 'string', digest: hash('sha256', key), expiresAtMs: -1, ...changes };
}

/** What a path says of a backup that took from one time to another. */
export function receipt(
  component: string,
  startedAt: string,
  endedAt: string,
  changes: Partial<Receipt> = {},
): Receipt {
  const id = `${component}-1`;
  return { path: 'fake', component, id, startedAt, endedAt, tools: [], objects: [], details: {}, ...changes };
}

/** One write of the ledger that left marks in components, as `[component, key]`. */
export function write(
  sequence: number,
  writtenAt: string,
  ...marks: readonly (readonly [string, string])[]
): LedgerEntry {
  return { sequence, writtenAt, marks: marks.map(([component, key]) => ({ component, key })) };
}

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
