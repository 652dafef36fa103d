import { cpSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListedFile, VouchedFile } from '../../model/manifest.ts';
import type { Receipt } from '../../model/path.ts';
import type { SourceContext } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { folderPlace } from '../places/folder-place.ts';
import { filesSource, type LibraryOptions } from './files.ts';
import { sourceContext } from './testing/restore-dump.ts';

const MARKS = ['upload', 'profile'];
const LIST = 'checksums.sha256';
const FILES = ['upload/a.jpg', 'upload/b.jpg', 'upload/$HOME/c d.jpg', 'profile/me.webp'];

let local: LocalForTest;
let folder: string;
let count = 0;
beforeAll(async () => {
  local = await openLocalForTest();
  folder = join(local.folder, 'backup');
  for (const path of FILES) {
    const file = join(folder, 'mnt/photos', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path);
  }
});
afterAll(async () => await local?.[Symbol.asyncDispose]());

interface Restored {
  readonly receipt: Receipt;
  readonly files: readonly string[];
  readonly listed: readonly string[];
  readonly vouched: readonly VouchedFile[];
}

async function restore(
  options: Partial<LibraryOptions>,
  from = folder,
  besides: readonly string[] = [],
): Promise<Restored> {
  count += 1;
  const target = await local.substrate.volume(`library-${count}`);
  const listed: string[] = [];
  const vouched: VouchedFile[] = [];
  const context = {
    ...sourceContext(local),
    target,
    listed: async (files: readonly ListedFile[]) => void listed.push(...files.map(({ path }) => path)),
    vouched: async (files: AsyncIterable<VouchedFile>) => void vouched.push(...(await Array.fromAsync(files))),
  } as unknown as SourceContext<'volume'>;
  const source = filesSource(folderPlace(from), { marks: MARKS, leavesOut: [], ...options });
  const receipt = await source.restore(context);
  return { receipt, files: await filesOf(target, besides), listed, vouched };
}

async function filesOf(volume: Volume, besides: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path, type } of volume.files()) {
    if (type !== 'file' || besides.includes(path)) continue;
    expect(Buffer.from(await volume.read(path)).toString()).toBe(path);
    paths.push(path);
  }
  return paths.sort();
}

describe('a library whose files lie in the backup one by one', () => {
  it('is found by its own folders, and comes back', async () => {
    const { receipt, files } = await restore({});
    expect(files).toEqual(FILES.toSorted());
    expect(receipt).toMatchObject({ path: 'folder', details: { root: 'mnt/photos' } });
    expect(Math.abs(Date.now() - Date.parse(receipt.startedAt))).toBeLessThan(86_400_000);
  });

  it('is vouched for by the lists of digests in it and above it', async () => {
    const backup = join(local.folder, 'vouched');
    cpSync(folder, backup, { recursive: true });
    const [old, young, foreign] = ['a'.repeat(64), 'b'.repeat(40), 'c'.repeat(64)];
    const inside = join(backup, 'mnt/photos/SHA1SUMS');
    writeFileSync(join(backup, LIST), `${old}  ./mnt/photos/upload/a.jpg\n${foreign}  ./mnt/other.jpg\n`);
    writeFileSync(inside, `${young} *upload/a.jpg\n${young}  profile/me.webp\n${young}  /srv/photos/a.jpg\n`);
    utimesSync(join(backup, LIST), 1_700_000_000, 1_700_000_000);
    utimesSync(inside, 1_700_000_100, 1_700_000_100);
    const listedAt = '2023-11-14T22:15:00.000Z';
    const { vouched } = await restore({}, backup, ['SHA1SUMS']);
    expect(vouched.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: '/srv/photos/a.jpg', digest: young, list: 'mnt/photos/SHA1SUMS', listedAt },
      { path: 'profile/me.webp', digest: young, list: 'mnt/photos/SHA1SUMS', listedAt },
      { path: 'upload/a.jpg', digest: old, list: LIST, listedAt: '2023-11-14T22:13:20.000Z' },
      { path: 'upload/a.jpg', digest: young, list: 'mnt/photos/SHA1SUMS', listedAt },
    ]);
    expect((await restore({})).vouched).toEqual([]);
  });

  it('is taken from the root that is named', async () => {
    expect((await restore({ root: 'mnt/photos/upload/..' })).files).toEqual(FILES.toSorted());
  });

  it('comes back as a sample with what is always needed, and all of it is listed', async () => {
    const sample = {
      count: 1,
      isSampled: (path: string) => path.startsWith('upload/'),
      always: (all: readonly { path: string }[]) => all.filter(({ path }) => path.startsWith('profile/')) as never,
    };
    const { receipt, files, listed } = await restore({ sample });
    expect(files.filter((path) => path.startsWith('upload/'))).toHaveLength(1);
    expect(files).toContain('profile/me.webp');
    expect(listed.toSorted()).toEqual(FILES.toSorted());
    expect(receipt.details).toMatchObject({ sampled: 1 });
  });

  it('gives one file, by what was restored before', async () => {
    const { files, receipt } = await restore({ only: async () => 'upload/$HOME/c d.jpg' });
    expect(files).toEqual(['upload/$HOME/c d.jpg']);
    expect(receipt.details).toMatchObject({ only: 'upload/$HOME/c d.jpg' });
  });

  it('is the fault of the backup when it has none of the folders', async () => {
    const empty = join(local.folder, 'empty');
    mkdirSync(join(empty, 'music'), { recursive: true });
    await expect(restore({}, empty)).rejects.toMatchObject({ blame: 'backup' });
  });
});
