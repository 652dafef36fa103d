import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareBytes } from '../../model/manifest.ts';
import { LocalVolume } from './local-volume.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-volume-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('LocalVolume', () => {
  it('describes every entry with size, digests, mode and time, in the order of bytes', async () => {
    const volume = await LocalVolume.create('library', join(folder, 'v'));
    const bytes = Buffer.from('a photo');
    await volume.write('a/b.jpg', bytes, { mode: 0o640, mtimeMs: 1_700_000_000_123 });
    for (const path of ['a.txt', 'a-c/x', 'a/😀.jpg', 'a/\uffff.jpg', 'Z']) await volume.write(path, Buffer.from(path));
    symlinkSync('b.jpg', join(folder, 'v/a/link'));
    const entries = await Array.fromAsync(volume.files());
    expect(entries.map(({ path }) => path)).toEqual(entries.map(({ path }) => path).toSorted(compareBytes));
    expect(entries.find(({ path }) => path === 'a/b.jpg')).toEqual({
      path: 'a/b.jpg',
      type: 'file',
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sha1: createHash('sha1').update(bytes).digest('hex'),
      mode: 0o640,
      uid: process.getuid?.(),
      gid: process.getgid?.(),
      mtimeMs: 1_700_000_000_123,
    });
    expect(entries.find(({ path }) => path === 'a/link')).toMatchObject({
      type: 'symlink',
      target: 'b.jpg',
      sha256: '',
    });
    expect(entries.find(({ path }) => path === 'a')).toMatchObject({ type: 'directory', sha1: '' });
  });

  it('hashes files of every size around its chunks as one', async () => {
    const volume = await LocalVolume.create('library', join(folder, 'v'));
    const mib = 1024 * 1024;
    for (const size of [0, 1, mib - 1, mib, mib + 1, 3 * mib + 17]) {
      const bytes = Buffer.alloc(size, size % 251);
      await volume.write(`f${size}`, bytes);
      const [entry] = await Array.fromAsync(volume.files());
      expect(entry).toMatchObject({ sizeBytes: size, sha256: createHash('sha256').update(bytes).digest('hex') });
      await volume.remove(`f${size}`);
    }
  });

  it('says which file cannot be read instead of leaving it out', async () => {
    const volume = await LocalVolume.create('library', join(folder, 'v'));
    await volume.write('ok.jpg', Buffer.from('ok'));
    await volume.write('gone.jpg', Buffer.from('gone'));
    const files = volume.files()[Symbol.asyncIterator]();
    rmSync(join(folder, 'v'), { recursive: true });
    writeFileSync(join(folder, 'v'), 'no folder any more');
    await expect(files.next()).rejects.toThrow();
  });

  it('goes to a new place only, and knows it from an old one of the same path', async () => {
    const first = await LocalVolume.create('library', join(folder, 'v'));
    await expect(LocalVolume.create('library', join(folder, 'v'))).rejects.toThrow(/EEXIST/);
    await first.destroy();
    expect(await first.exists()).toBe(false);
    mkdirSync(join(folder, 'between'));
    const second = await LocalVolume.create('library', join(folder, 'v'));
    expect(second.identity).not.toBe(first.identity);
  });

  it('never reads or writes outside of itself', async () => {
    const volume = await LocalVolume.create('library', join(folder, 'v'));
    writeFileSync(join(folder, 'other'), 'mine');
    await expect(volume.read('../other')).rejects.toThrow('leads out of the volume');
    await expect(volume.write('a/../../other', Buffer.from('x'))).rejects.toThrow('leads out of the volume');
    await expect(volume.remove('../v2')).rejects.toThrow('leads out of the volume');
  });

  it('gives modes whatever the umask is', async () => {
    const old = process.umask(0o077);
    try {
      const volume = await LocalVolume.create('library', join(folder, 'v'));
      await volume.write('open.jpg', Buffer.from('x'), { mode: 0o666 });
      expect(await Array.fromAsync(volume.files())).toMatchObject([{ mode: 0o666 }]);
    } finally {
      process.umask(old);
      chmodSync(folder, 0o755);
    }
  });
});

describe('a link that came out of a backup', () => {
  it('is no way out of a volume, to read, to write, to touch or to remove', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'photo'), 'untouched');
    const volume = await LocalVolume.create('library', join(folder, 'v'));
    symlinkSync(outside, join(folder, 'v/upload'));
    symlinkSync(join(outside, 'photo'), join(folder, 'v/photo'));
    symlinkSync('/nowhere', join(folder, 'v/gone'));
    for (const path of ['upload/photo', 'gone/photo']) {
      await expect(volume.read(path), path).rejects.toMatchObject({ code: 'outside-volume' });
      await expect(volume.write(path, Buffer.from('pwned')), path).rejects.toMatchObject({ code: 'outside-volume' });
      await expect(volume.touch(path, { mode: 0o777 }), path).rejects.toMatchObject({ code: 'outside-volume' });
      await expect(volume.remove(path), path).rejects.toMatchObject({ code: 'outside-volume' });
    }
    await expect(volume.read('photo')).rejects.toThrow(/ELOOP/);
    await expect(volume.write('photo', Buffer.from('pwned'))).rejects.toThrow(/ELOOP/);
    await expect(volume.touch('photo', { mtimeMs: 0 })).rejects.toThrow(/is a link/);
    await volume.remove('upload');
    await volume.remove('photo');
    expect(readdirSync(outside)).toEqual(['photo']);
    expect(readFileSync(join(outside, 'photo'), 'utf8')).toBe('untouched');
  });

  it('that stays in the volume is a folder like any other', async () => {
    const volume = await LocalVolume.create('library', join(folder, 'v'));
    await volume.write('a/photo', Buffer.from('bytes'));
    symlinkSync('a', join(folder, 'v/b'));
    expect(Buffer.from(await volume.read('b/photo')).toString()).toBe('bytes');
  });
});
