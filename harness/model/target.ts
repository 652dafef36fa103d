import type { CacheKey, FileEntry, StoredObject } from './manifest.ts';
import type { Resources } from './resources.ts';
import type { Secret } from './secret.ts';

/** What a component is made of. */
export type ComponentKind = 'volume' | 'postgres' | 'redis' | 'kubernetes';

/** Mode, owner and time to give a written file; what is left out stays as the file system makes it. */
export interface FileAttributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeMs?: number;
}

/** A piece of a file. */
export interface ByteRange {
  readonly offset: number;
  /** At most so many bytes: there are fewer at the end of the file. */
  readonly length: number;
}

/** A folder tree that jobs can mount. Paths are relative to its root. */
export interface Volume {
  readonly kind: 'volume';
  readonly name: string;
  /** Differs for every volume ever made, also for two of the same name. */
  readonly identity: string;
  /** Where a job that mounts it finds it. */
  readonly path: string;
  /** Every entry below the root, hashed, sorted by path as UTF-8 bytes. Computed where the data is. */
  files(): AsyncIterable<FileEntry>;
  /** All of a file, or a piece of it. */
  read(path: string, range?: ByteRange): Promise<Uint8Array>;
  /** Writes a file, making the folders above it. */
  write(path: string, bytes: Uint8Array, attributes?: FileAttributes): Promise<void>;
  /** Sets mode, owner or time of what is there, for folders above all. */
  touch(path: string, attributes: FileAttributes): Promise<void>;
  remove(path: string): Promise<void>;
  has(path: string): Promise<boolean>;
  /** Whether the volume itself is there, asked of the substrate and not of this object. */
  exists(): Promise<boolean>;
  destroy(): Promise<void>;
}

/** One connection to a database: what is set, begun and copied over it stays with it. */
export interface Session {
  /** Runs one statement and lets go of whatever it gives. */
  run(sql: string): Promise<void>;
  /** Feeds `COPY … FROM STDIN`. */
  copyIn(sql: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
}

/** A running Postgres server and the one database of the workload in it. */
export interface Database {
  readonly kind: 'postgres';
  readonly name: string;
  readonly identity: string;
  /** Where a job reaches it. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  /** The server's version, such as `15.18`. */
  readonly version: string;
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Feeds `COPY … FROM STDIN`; gives the number of rows. */
  copyIn(sql: string, chunks: AsyncIterable<string | Uint8Array>): Promise<number>;
  /** Reads `COPY … TO STDOUT` in the text format: the unescaped fields of each row, NULL as null. */
  copyOut(sql: string): AsyncIterable<readonly (string | null)[]>;
  /** Does work over a connection of its own, which is closed after it, whatever was set on it. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** From here on all that reads or writes here is this role, so that what a backup brought along never runs as more. */
  actAs(user: string, password: Secret): Promise<void>;
  /** Whether the server answers and has the database, asked afresh. */
  exists(): Promise<boolean>;
  /** Stops the server and deletes its data. */
  destroy(): Promise<void>;
}

/** A running Redis server. */
export interface Cache {
  readonly kind: 'redis';
  readonly name: string;
  readonly identity: string;
  readonly host: string;
  readonly port: number;
  readonly password: Secret;
  readonly version: string;
  /** Sends one command; arguments and answer as in the protocol. */
  command(...args: string[]): Promise<unknown>;
  /** Every key with a digest of its value, sorted. */
  keys(): AsyncIterable<CacheKey>;
  exists(): Promise<boolean>;
  destroy(): Promise<void>;
}

/** One bucket of an S3 server: where backups go. */
export interface Bucket {
  readonly name: string;
  /** Where a job reaches it: `http://127.0.0.1:7070`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  /** What serves it: `versitygw 1.0.18`, `minio …`, `endpoint`. */
  readonly server: string;
  list(prefix?: string): AsyncIterable<StoredObject>;
  get(key: string): Promise<Uint8Array>;
  /** The bytes piece by piece, for objects of any size; one that is cut short is an error. */
  read(key: string): AsyncIterable<Uint8Array>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Where a service's data goes before it starts: filled by a restore, or left empty for a new server. */
export interface ServiceSlot<Service> {
  readonly data: Volume;
  /** Starts the service on `data`, which is initialised first when it is empty. The second call gives the same service. */
  start(): Promise<Service>;
}

export type Target = Volume | Database | Cache | Resources;

interface TargetOf {
  volume: Volume;
  postgres: Database;
  redis: Cache;
  kubernetes: Resources;
}

/** Where a component of each kind is restored to: an empty volume or namespace, or the slot of a service that has not started. */
export interface RestoreTargetOf {
  volume: Volume;
  postgres: ServiceSlot<Database>;
  redis: ServiceSlot<Cache>;
  kubernetes: Resources;
}

export type TargetFor<Kind extends ComponentKind> = TargetOf[Kind];

/** The components of a workload as they stand: names to targets. */
export class World {
  readonly #targets: ReadonlyMap<string, Target>;

  constructor(targets: Iterable<readonly [string, Target]>) {
    this.#targets = new Map(targets);
  }

  get names(): string[] {
    return [...this.#targets.keys()];
  }

  has(component: string): boolean {
    return this.#targets.has(component);
  }

  target(component: string): Target {
    const target = this.#targets.get(component);
    if (!target) throw new Error(`the world has no component "${component}", only ${this.names.join(', ')}`);
    return target;
  }

  volume(component: string): Volume {
    return this.#ofKind(component, 'volume');
  }

  database(component: string): Database {
    return this.#ofKind(component, 'postgres');
  }

  cache(component: string): Cache {
    return this.#ofKind(component, 'redis');
  }

  resources(component: string): Resources {
    return this.#ofKind(component, 'kubernetes');
  }

  /** The same world with some components replaced, as after a restore. */
  with(replaced: Iterable<readonly [string, Target]>): World {
    return new World([...this.#targets, ...replaced]);
  }

  #ofKind<Kind extends ComponentKind>(component: string, kind: Kind): TargetFor<Kind> {
    const target = this.target(component);
    if (target.kind !== kind) throw new Error(`component "${component}" is of kind ${target.kind}, not ${kind}`);
    return target as TargetFor<Kind>;
  }
}
