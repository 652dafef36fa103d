import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import type { PlaceEntry } from '../../model/watch.ts';

/** How many entries are asked for at once: enough for the threads of Node, and for a server that answers slowly. */
const AT_ONCE = 64;
const SLASH = Buffer.from('/');
const NONE = Buffer.alloc(0);

/** An entry of a folder; a file's path as bytes is there for whoever reads it. */
export interface FoundEntry {
  readonly entry: PlaceEntry;
  readonly bytesPath?: Buffer;
}

/** Everything below a folder, itself included, in no order; memory grows with the largest folder, not with all of them. */
export async function* walkFolder(root: string, folder: Buffer = NONE): AsyncGenerator<FoundEntry> {
  if (folder.length === 0) yield await described(root, NONE);
  const entries: Dirent<Buffer>[] = await readdir(below(root, folder), { encoding: 'buffer', withFileTypes: true });
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map(({ name }) => describedIfThere(root, Buffer.concat([folder, name]))));
    for (const one of found) {
      if (!one) continue;
      yield one.found;
      if (one.isFolder) yield* walkFolder(root, Buffer.concat([one.path, SLASH]));
    }
  }
}

/** A path below a folder, as the bytes that the file system knows it by. */
export function below(root: string, path: Buffer): Buffer {
  return path.length === 0 ? Buffer.from(root) : Buffer.concat([Buffer.from(root), SLASH, path]);
}

/** What goes between being read in its folder and being looked at was never there, as far as a listing can tell. */
async function describedIfThere(root: string, path: Buffer) {
  try {
    const found = await described(root, path);
    return { found, path, isFolder: found.entry.facts.type === 'folder' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function described(root: string, path: Buffer): Promise<FoundEntry> {
  const at = below(root, path);
  const stats = await lstat(at, { bigint: true });
  const type = typeOf(stats);
  const name = path.length === 0 ? '' : `${readable(path)}${type === 'folder' ? '/' : ''}`;
  const target = type === 'link' ? readable(await readlink(at, { encoding: 'buffer' })) : undefined;
  return {
    entry: { path: name, facts: { ...factsOf(stats, type), ...(target !== undefined && { target }) } },
    ...(type === 'file' && { bytesPath: path }),
  };
}

function factsOf(stats: BigIntStats, type: string): PlaceEntry['facts'] {
  return {
    type,
    sizeBytes: Number(stats.size),
    modified: inNanoseconds(stats.mtimeNs),
    changed: inNanoseconds(stats.ctimeNs),
    inode: String(stats.ino),
    mode: (Number(stats.mode) & 0o7777).toString(8),
    owner: `${stats.uid}:${stats.gid}`,
    links: Number(stats.nlink),
  };
}

function typeOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'special';
}

/** Seconds and nanoseconds since the epoch; also what lies before it has its order. */
function inNanoseconds(ns: bigint): string {
  const seconds = ns / 1_000_000_000n - (ns < 0n && ns % 1_000_000_000n !== 0n ? 1n : 0n);
  return `${seconds}.${String(ns - seconds * 1_000_000_000n).padStart(9, '0')}`;
}

/** A name as text, in which bytes that are no UTF-8 are told apart. */
function readable(name: Buffer): string {
  const text = name.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  return name.toString('latin1').replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
}
