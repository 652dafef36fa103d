import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../model/manifest.ts';
import type { BackupPath } from '../model/path.ts';
import type { Volume } from '../model/target.ts';
import { contextForTest, openLocalForTest } from '../substrates/local/testing/open-local.ts';
import { encryptedExport } from './encrypted-export.ts';
import { fromSnapshot } from './from-snapshot.ts';
import { restic } from './restic.ts';
import { s3Sync } from './s3-sync.ts';
import { tar } from './tar.ts';

const PATHS: Record<string, BackupPath<'volume'>> = {
  restic: restic(),
  'restic without thumbs': restic({ leaveOut: ['thumbs'] }),
  'restic, from a snapshot where there are any': fromSnapshot(restic()),
  's3-sync with aws': s3Sync({ client: 'aws' }),
  's3-sync with rclone': s3Sync({ client: 'rclone' }),
  's3-sync without thumbs': s3Sync({ leaveOut: ['thumbs'] }),
  'tar with gzip': tar(),
  'tar with zstd': tar({ compression: 'zstd' }),
  'encrypted-export with age': encryptedExport(),
  'encrypted-export with gpg': encryptedExport({ cipher: 'gpg' }),
};

/** Names and contents that tools have stumbled over. */
const FILES: Record<string, string | Uint8Array> = {
  'upload/a b/IMG 0001.jpg': 'spaces',
  'upload/Ünïcödé/naïve — 写真 📷.jpg': 'unicode',
  'upload/e\u0301.jpg': 'decomposed',
  'upload/\u00e9.jpg': 'composed',
  'upload/with\'quote"and$dollar*star[1].jpg': 'shell',
  'upload/-dash.jpg': 'like an option',
  'upload/back\\slash.jpg': 'escape',
  'upload/empty.xmp': '',
  'upload/large.bin': new Uint8Array(9 * 1024 * 1024).map((_, i) => (i * 7919) % 251),
  'thumbs/.keep': 'marker',
  'thumbs/u/aa/bb/t.webp': 'thumb',
  '.keep': 'marker',
};
const MTIME_MS = 1_700_000_000_123;

async function fill(volume: Volume): Promise<void> {
  for (const [path, content] of Object.entries(FILES))
    await volume.write(path, Buffer.from(content), { mode: path.endsWith('.jpg') ? 0o640 : 0o600, mtimeMs: MTIME_MS });
}

async function manifest(volume: Volume): Promise<FileEntry[]> {
  return await Array.fromAsync(volume.files());
}

describe.each(Object.entries(PATHS))('volume path %s', (_, path) => {
  it('brings back what it promises, into a new volume', async () => {
    await using local = await openLocalForTest();
    const context = await contextForTest(local, 'library');
    const source = await local.substrate.volume('library');
    await fill(source);
    const before = await manifest(source);
    const receipt = await path.backup({ ...context, source });
    await source.destroy();

    const target = await local.substrate.volume('library-restored');
    await path.restore({ ...context, receipt, target });
    expect(comparable(await manifest(target), path)).toEqual(comparable(before, path));
    for (const { key, sizeBytes, sha256 } of receipt.objects) {
      expect(sizeBytes, key).toBeGreaterThan(0);
      expect(sha256, key).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(receipt.tools.length).toBeGreaterThan(0);
  });

  it('restores a second time, and an older backup after a newer one', async () => {
    await using local = await openLocalForTest();
    const context = await contextForTest(local, 'library');
    const source = await local.substrate.volume('library');
    await fill(source);
    const older = await path.backup({ ...context, source, at: new Date(Date.now() - 86_400_000) });
    await source.write('upload/later.jpg', Buffer.from('later'));
    const newer = await path.backup({ ...context, source });
    for (const [receipt, later] of [
      [newer, true],
      [older, path.name === 's3-sync'],
    ] as const) {
      const target = await local.substrate.volume('again');
      await path.restore({ ...context, receipt, target });
      expect(await target.has('upload/later.jpg')).toBe(later);
    }
  });
});

/** Entries reduced to what the path promises to keep. */
function comparable(entries: FileEntry[], { promises: { keeps, leavesOut } }: BackupPath<'volume'>): object[] {
  return entries
    .filter(({ path }) => !leavesOut.some((folder) => path.startsWith(`${folder}/`)) || path.endsWith('/.keep'))
    .filter(({ type }) => type === 'file' || keeps.emptyFolders)
    .map(({ path, type, sizeBytes, sha256, mode, uid, gid, mtimeMs }) => ({
      ...{ path, type, sizeBytes, sha256 },
      ...(keeps.mode && { mode }),
      ...(keeps.owner && { uid, gid }),
      ...(keeps.mtime && type === 'file' && { mtimeMs }),
    }));
}
