import { lstatSync } from 'node:fs';
import { lstat, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from '../../model/error.ts';
import type { FileEntry } from '../../model/manifest.ts';
import type { ByteRange, FileAttributes, Volume } from '../../model/target.ts';
import { fileManifest } from './manifest/file-manifest.ts';
import { fileWriter } from './writing/file-writer.ts';

/** A volume that is a folder of this machine. */
export class LocalVolume implements Volume {
  readonly kind = 'volume';
  readonly name: string;
  readonly identity: string;
  readonly path: string;

  private constructor(name: string, path: string, identity: string) {
    this.name = name;
    this.path = path;
    this.identity = identity;
  }

  /** Makes the folder, which must not exist yet: a restore never goes into something used. */
  static async create(name: string, path: string): Promise<LocalVolume> {
    // Whatever a backup brings along, no other account sees it.
    await mkdir(path, { mode: 0o700 });
    const { dev, ino, birthtimeMs } = await lstat(path);
    return new LocalVolume(name, path, `${path} (inode ${dev}:${ino}, made ${birthtimeMs})`);
  }

  files(): AsyncIterable<FileEntry> {
    return fileManifest(this.path);
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    if (!range) return await readFile(this.#inside(path));
    const file = await open(this.#inside(path));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(range.length), 0, range.length, range.offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async write(path: string, bytes: Uint8Array, attributes: FileAttributes = {}): Promise<void> {
    await fileWriter.write(this.#inside(path), bytes, attributes);
  }

  async touch(path: string, attributes: FileAttributes): Promise<void> {
    await fileWriter.touch(this.#inside(path), attributes);
  }

  async remove(path: string): Promise<void> {
    await fileWriter.remove(this.#inside(path));
  }

  async has(path: string): Promise<boolean> {
    return isThere(this.#inside(path));
  }

  async exists(): Promise<boolean> {
    return isThere(this.path);
  }

  async destroy(): Promise<void> {
    await fileWriter.remove(this.path);
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
