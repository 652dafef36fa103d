import {
  chmodSync,
  chownSync,
  closeSync,
  fchmodSync,
  fchownSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { lstat, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DrillError } from '../../model/error.ts';
import type { FileEntry } from '../../model/manifest.ts';
import type { FileAttributes, Volume } from '../../model/target.ts';
import { fileManifest } from './manifest/file-manifest.ts';

/** A volume that is a folder of this machine. */
export class LocalVolume implements Volume {
  readonly kind = 'volume';
  readonly name: string;
  readonly identity: string;
  readonly path: string;
  /** Folders already made, so that writing many files does not ask for each of them again. */
  readonly #folders = new Set<string>();

  private constructor(name: string, path: string, identity: string) {
    this.name = name;
    this.path = path;
    this.identity = identity;
  }

  /** Makes the folder, which must not exist yet: a restore never goes into something used. */
  static async create(name: string, path: string): Promise<LocalVolume> {
    await mkdir(path);
    const { dev, ino, birthtimeMs } = await lstat(path);
    return new LocalVolume(name, path, `${path} (inode ${dev}:${ino}, made ${birthtimeMs})`);
  }

  files(): AsyncIterable<FileEntry> {
    return fileManifest(this.path);
  }

  async read(path: string): Promise<Uint8Array> {
    return await readFile(this.#inside(path));
  }

  /** Synchronous underneath: writing a library file by file through the thread pool costs several times the CPU. */
  async write(path: string, bytes: Uint8Array, attributes: FileAttributes = {}): Promise<void> {
    const full = this.#inside(path);
    this.#makeFolder(dirname(full));
    const file = openSync(full, 'w', attributes.mode ?? 0o644);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      if (attributes.uid !== undefined && attributes.gid !== undefined)
        fchownSync(file, attributes.uid, attributes.gid);
      if (attributes.mode !== undefined) fchmodSync(file, attributes.mode);
      if (attributes.mtimeMs !== undefined) futimesSync(file, attributes.mtimeMs / 1000, attributes.mtimeMs / 1000);
    } finally {
      closeSync(file);
    }
  }

  async touch(path: string, { mode, uid, gid, mtimeMs }: FileAttributes): Promise<void> {
    const full = this.#inside(path);
    this.#makeFolder(full.endsWith('/') ? full : dirname(full));
    if (uid !== undefined && gid !== undefined) chownSync(full, uid, gid);
    if (mode !== undefined) chmodSync(full, mode);
    if (mtimeMs !== undefined) utimesSync(full, mtimeMs / 1000, mtimeMs / 1000);
  }

  async remove(path: string): Promise<void> {
    this.#folders.clear();
    await rm(this.#inside(path), { recursive: true, force: true });
  }

  async has(path: string): Promise<boolean> {
    return isThere(this.#inside(path));
  }

  async exists(): Promise<boolean> {
    return isThere(this.path);
  }

  async destroy(): Promise<void> {
    this.#folders.clear();
    await rm(this.path, { recursive: true, force: true });
  }

  #makeFolder(folder: string): void {
    if (this.#folders.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    this.#folders.add(folder);
  }

  #inside(path: string): string {
    const full = join(this.path, path);
    if (full !== this.path && !full.startsWith(`${this.path}/`))
      throw new DrillError({
        code: 'outside-volume',
        where: 'substrate/local',
        what: `The path "${path}" leads out of the volume ${this.name}; nothing was read or written.`,
        next: 'this is a fault of the workload or path that made it: report it.',
        blame: 'harness',
      });
    return full;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
