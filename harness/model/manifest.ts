import type { PlaceEntry } from './watch.ts';

/** One file, folder or link of a volume, as the harness itself read it. Manifests are sorted by `path`, as UTF-8 bytes. */
export interface FileEntry {
  /** Relative to the root of the volume, `/` between parts, no leading slash. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly sizeBytes: number;
  /** Lower-case hex; empty for whatever is not a file. */
  readonly sha256: string;
  readonly sha1: string;
  /** Permission bits with setuid, setgid and sticky: `mode & 0o7777`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch, rounded. */
  readonly mtimeMs: number;
  /** What a symlink points to. */
  readonly target?: string;
}

/** One row of one table: its primary key and a digest of all its columns by name. Sorted by table, then key, as UTF-8 bytes. */
export interface RowDigest {
  readonly table: string;
  /** The primary key's values, joined with `/`; rows of a table without a key have their digest as key. */
  readonly key: string;
  readonly digest: string;
}

/** An index, constraint, function, type, setting, owner, grant or the like, by name and definition. Sorted by `id`. */
export interface SchemaObject {
  /** `<kind> <name>`, such as `index asset_pkey`. */
  readonly id: string;
  readonly kind:
    | 'table'
    | 'column'
    | 'index'
    | 'constraint'
    | 'trigger'
    | 'function'
    | 'extension'
    | 'sequence'
    | 'type'
    | 'setting'
    | 'schema'
    | 'comment'
    | 'domain'
    | 'collation'
    | 'cast'
    | 'operator'
    | 'text-search'
    | 'rule'
    | 'statistics'
    | 'aggregate'
    | 'event-trigger'
    | 'owner'
    | 'grant'
    | 'default-privilege'
    | 'row-security'
    | 'policy';
  readonly definition: string;
  /** The table that it belongs to, where there is one. */
  readonly table?: string;
}

/** A file that a row says must exist. Sorted by `path`, as UTF-8 bytes. */
export interface Reference {
  /** Relative to the root of the volume. */
  readonly path: string;
  /** The component whose volume holds the file. */
  readonly component: string;
  /** What a person would call it: `asset 5f0c… (IMG_0001.jpg) original`. */
  readonly owner: string;
  /** Empty when the row does not know it. */
  readonly sha1: string;
  /** -1 when the row does not know it. */
  readonly sizeBytes: number;
  /** The workload can make it again from something else. */
  readonly regenerable: boolean;
  /** What the file is to the row: `original`, `thumbnail`, where that matters. */
  readonly kind?: string;
  /** When the row was written, as an ISO time, where the row knows it. */
  readonly writtenAt?: string;
}

/** One thing that a workload has looked at by itself: a migration that is recorded, an image that was decoded. */
export interface Sighting {
  /** `<kind> <name>`, such as `migration 1744910873969-InitialMigration`. Sorted by `id`, as UTF-8 bytes. */
  readonly id: string;
  readonly kind: string;
  readonly ok: boolean;
  readonly saw: string;
}

/** A number that a person knows of their library: `photos of anna`. Sorted by `label`. */
export interface InventoryLine {
  readonly label: string;
  readonly count: number;
}

/** One key of a Redis database. Sorted by `key`. */
export interface CacheKey {
  readonly key: string;
  readonly type: string;
  /** SHA-256 over the value, with unordered types sorted. */
  readonly digest: string;
  /** Absolute expiry in milliseconds since the epoch; -1 when it never expires. */
  readonly expiresAtMs: number;
}

/** One resource of a namespace, as the API server gives it. Sorted by `id`. */
export interface ResourceObject {
  /** `<kind> <name>`, such as `Deployment immich-server`. */
  readonly id: string;
  /** All of it; each value of a Secret is a digest, `sha256:…`. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** One file that a backup lists, whether it was restored or not. Sorted by `path`, as UTF-8 bytes. */
export interface ListedFile {
  /** Relative to the root of the volume. */
  readonly path: string;
  readonly sizeBytes: number;
  /** As an ISO time. */
  readonly modifiedAt: string;
  /** What tells these bytes from others of the same name, where the place says so: an MD5 that it keeps. */
  readonly version?: string;
}

/** One object in the backup store. Sorted by `key`. */
export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/** What a list of digests that lies with the files says of one of them. Sorted by `path`. */
export interface VouchedFile {
  /** Relative to the root of the volume; absolute where the list names a place on another machine. */
  readonly path: string;
  /** Lower-case hex; its length tells how it was made. */
  readonly digest: string;
  /** The list, by its path in the backup, and when that was written, as an ISO time. */
  readonly list: string;
  readonly listedAt: string;
}

/** What can be observed of the components, by kind: one sorted list each. */
export interface ObservationKinds {
  files: FileEntry;
  rows: RowDigest;
  schema: SchemaObject;
  references: Reference;
  inventory: InventoryLine;
  keys: CacheKey;
  objects: StoredObject;
  sightings: Sighting;
  resources: ResourceObject;
  listed: ListedFile;
  vouched: VouchedFile;
  place: PlaceEntry;
}

export type ObservationKind = keyof ObservationKinds;

/** When an observation was made: before the backup, or of what was restored. */
export type Moment = 'before' | 'after';

/** The order of UTF-8 bytes, which is that of `COLLATE "C"` and `LC_ALL=C sort`, without encoding the strings. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates sort after the rest of the basic plane in UTF-8, but before its end in UTF-16. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
