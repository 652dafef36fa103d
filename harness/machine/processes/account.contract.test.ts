import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { giveTo } from './account.ts';

const NOBODY = { uid: 65_534, gid: 65_534 };

describe.skipIf(process.getuid?.() !== 0)('giving a data folder to an account', () => {
  let folder: string;
  let data: string;
  let others: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'give-'));
    [data, others] = [join(folder, 'data'), join(folder, 'others')];
    mkdirSync(join(data, 'base/1'), { recursive: true });
    mkdirSync(join(others, 'deep'), { recursive: true });
    for (const path of [join(data, 'base/1/2'), join(others, 'deep/file')]) writeFileSync(path, '');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const ownerOf = (...path: string[]) => lstatSync(join(folder, ...path)).uid;

  it('gives every file and folder', async () => {
    await giveTo(NOBODY, data);
    for (const path of ['data', 'data/base', 'data/base/1', 'data/base/1/2']) expect(ownerOf(path)).toBe(NOBODY.uid);
  });

  it('enters no link to a folder, and refuses what has one', async () => {
    symlinkSync(others, join(data, 'base/link'));
    await expect(giveTo(NOBODY, data)).rejects.toMatchObject({ code: 'data-not-plain', blame: 'environment' });
    for (const path of ['others', 'others/deep', 'others/deep/file']) expect(ownerOf(path)).toBe(0);
  });

  it.each([
    ['a link to a file', (path: string) => execFileSync('ln', ['-s', '/etc/passwd', path])],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a device', (path: string) => execFileSync('mknod', [path, 'c', '1', '3'])],
  ])('refuses %s', async (_, make) => {
    make(join(data, 'odd'));
    await expect(giveTo(NOBODY, data)).rejects.toMatchObject({ code: 'data-not-plain' });
  });
});
