import { createHash } from 'node:crypto';
import type { FileEntry } from '../../../../model/manifest.ts';

const NUL = Buffer.from([0]);
const TYPES: Readonly<Record<string, FileEntry['type']>> = { f: 'file', d: 'directory', l: 'symlink' };
const MS = 1_000;

/** The stream of records was cut or changed on its way. */
export class ManifestCut extends Error {}

/** Entries out of the records that the manifest script prints; memory does not grow with the tree. */
export async function* parseManifest(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileEntry> {
  const hash = createHash('sha256');
  let count = 0;
  let trailer = '';
  let entry: FileEntry | undefined;
  for await (const record of records(chunks)) {
    if (trailer !== '') throw new ManifestCut('something follows the last record');
    if (record[0] === TRAILER) {
      trailer = record.toString('utf8', 1);
      continue;
    }
    hash.update(record).update(NUL);
    count += 1;
    const next = read(record);
    if ('type' in next) {
      if (entry) yield checked(entry);
      entry = next;
    } else if (entry?.path === next.path) entry = { ...entry, ...next };
    else throw new ManifestCut(`a record of "${next.path}" is out of place`);
  }
  if (trailer !== `${count} ${hash.digest('hex')}`)
    throw new ManifestCut(`${count} records came, and the last one is ${trailer === '' ? 'missing' : `"${trailer}"`}`);
  if (entry) yield checked(entry);
}

const TRAILER = '.'.charCodeAt(0);

async function* records(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = rest.indexOf(NUL, from); end !== -1; end = rest.indexOf(NUL, from)) {
      yield rest.subarray(from, end);
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) throw new ManifestCut('it ends in the middle of a record');
}

/** What a later record adds to the entry that it belongs to. */
type Addition = { readonly path: string } & Partial<Pick<FileEntry, 'sha1' | 'sha256' | 'target'>>;

function read(record: Buffer): FileEntry | Addition {
  const text = record.toString('utf8');
  const slash = text.indexOf('/');
  const facts = text.slice(0, slash);
  const path = text.slice(slash + 1);
  if (facts.startsWith('#')) {
    const [sha1 = '', sha256 = ''] = facts.slice(1).split(' ');
    return { path, sha1, sha256 };
  }
  if (facts.startsWith('=')) return { path, target: Buffer.from(facts.slice(1), 'base64').toString('utf8') };
  const [type = '', mode = '', uid, gid, mtime, size] = facts.split(' ');
  return {
    path,
    type: TYPES[type] ?? 'other',
    sizeBytes: type === 'f' ? Number(size) : 0,
    sha256: '',
    sha1: '',
    mode: Number.parseInt(mode, 8),
    uid: Number(uid),
    gid: Number(gid),
    mtimeMs: Math.round(Number(mtime) * MS),
  };
}

/** A file that went away while it was read has facts and no digests. */
function checked(entry: FileEntry): FileEntry {
  if (entry.type === 'file' && (entry.sha256 === '' || entry.sha1 === ''))
    throw new ManifestCut(`the file "${entry.path}" has no digests`);
  return entry;
}
