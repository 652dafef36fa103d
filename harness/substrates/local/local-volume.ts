import { constants, lstatSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, open } from 'node:fs/promises';
import type { Account } from '../../machine/processes/account.ts';
import { fileWriter } from '../../machine/work-folders/writing/file-writer.ts';
import type { FileEntry } from '../../model/manifest.ts';
import type { ByteRange, FileAttributes, Volume } from '../../model/target.ts';
import { fileManifest } from './manifest/file-manifest.ts';
import { pathInside } from './path-inside.ts';

/** Neither a link nor a pipe that came out of a backup is followed or waited for. */
const READ_AS_IT_IS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Photos are nobody's business but their owner's, also while they are restored. */
const PRIVATE = 0o700;

/** A volume that is a folder of this machine. */
export class LocalVolume implements Volume {
  readonly kind = 'volume';
  readonly name: string;
  readonly identity: string;
  readonly path: string;
  readonly #account: Account | undefined;

  private constructor(name: string, path: string, identity: string, account: Account | undefined) {
    this.name = name;
    this.path = path;
    this.identity = identity;
    this.#account = account;
  }

  /** Makes the folder, which must not exist yet: a restore never goes into something used. Tools write to it as `account`. */
  static async create(name: string, path: string, account?: Account): Promise<LocalVolume> {
    await mkdir(path);
    await chmod(path, PRIVATE);
    if (account) await chown(path, account.uid, account.gid);
    const { dev, ino, birthtimeMs } = await lstat(path);
    return new LocalVolume(name, path, `${path} (inode ${dev}:${ino}, made ${birthtimeMs})`, account);
  }

  /** A folder of the user's, to be read where jobs mount it. */
  static ofUser(path: string): LocalVolume {
    return new LocalVolume(path, path, path, undefined);
  }

  files(): AsyncIterable<FileEntry> {
    return fileManifest(this.path);
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const file = await open(this.#inside(path), READ_AS_IT_IS);
    try {
      if (!range) return await file.readFile();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(range.length), 0, range.length, range.offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async write(path: string, bytes: Uint8Array, attributes: FileAttributes = {}): Promise<void> {
    await fileWriter.write(this.#inside(path), bytes, { ...this.#account, ...attributes });
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
    return pathInside(this.path, path, this.name);
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
