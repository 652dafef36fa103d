import { createHash } from 'node:crypto';
import { compareBytes, type FileEntry } from '../../model/manifest.ts';
import type { ByteRange, FileAttributes, Volume } from '../../model/target.ts';

interface Stored {
  readonly bytes: Uint8Array;
  readonly attributes: FileAttributes;
}

/** A volume of files in memory, with the folders that they need. */
export class FakeVolume implements Volume {
  readonly kind = 'volume';
  readonly name: string;
  readonly identity: string;
  readonly path: string;
  readonly #files = new Map<string, Stored>();
  #exists = true;

  constructor(name: string, files: Readonly<Record<string, string>> = {}) {
    this.name = name;
    this.identity = `fake-${name}`;
    this.path = `/fake/${name}`;
    for (const [path, text] of Object.entries(files)) this.put(path, Buffer.from(text), {});
  }

  async *files(): AsyncGenerator<FileEntry> {
    const folders = new Set<string>();
    for (const path of this.#files.keys()) {
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
        folders.add(path.slice(0, end));
    }
    for (const path of [...this.#files.keys(), ...folders].toSorted(compareBytes)) yield this.#entry(path);
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const { bytes } = this.#stored(path);
    return range ? bytes.subarray(range.offset, range.offset + range.length) : bytes;
  }

  async write(path: string, bytes: Uint8Array, attributes: FileAttributes = {}): Promise<void> {
    this.put(path, bytes, attributes);
  }

  async touch(path: string, attributes: FileAttributes): Promise<void> {
    const stored = this.#stored(path);
    this.put(path, stored.bytes, { ...stored.attributes, ...attributes });
  }

  async remove(path: string): Promise<void> {
    this.#files.delete(path);
  }

  async has(path: string): Promise<boolean> {
    return this.#files.has(path);
  }

  async exists(): Promise<boolean> {
    return this.#exists;
  }

  async destroy(): Promise<void> {
    this.#exists = false;
    this.#files.clear();
  }

  protected put(path: string, bytes: Uint8Array, attributes: FileAttributes): void {
    this.#files.set(path, { bytes: Uint8Array.from(bytes), attributes });
  }

  #stored(path: string): Stored {
    const stored = this.#files.get(path);
    if (!stored) throw new Error(`volume ${this.name} has no file ${path}`);
    return stored;
  }

  #entry(path: string): FileEntry {
    const stored = this.#files.get(path);
    const bytes = stored?.bytes ?? new Uint8Array();
    return {
      path,
      type: stored ? 'file' : 'directory',
      sizeBytes: bytes.length,
      sha256: stored ? hash('sha256', bytes) : '',
      sha1: stored ? hash('sha1', bytes) : '',
      mode: stored?.attributes.mode ?? (stored ? 0o644 : 0o755),
      uid: stored?.attributes.uid ?? 0,
      gid: stored?.attributes.gid ?? 0,
      mtimeMs: stored?.attributes.mtimeMs ?? 0,
    };
  }
}

/** A volume on which nothing has any effect: what a disaster that destroys nothing leaves behind. */
export class InertVolume extends FakeVolume {
  override async write(): Promise<void> {}
  override async touch(): Promise<void> {}
  override async remove(): Promise<void> {}
  override async destroy(): Promise<void> {}
}

function hash(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
