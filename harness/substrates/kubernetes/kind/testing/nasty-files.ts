import type { FileEntry } from '../../../../model/manifest.ts';
import type { Volume } from '../../../../model/target.ts';

const MTIME_MS = 1_700_000_000_123;
/** Names that tools trip over. */
export const NASTY = [
  'a b/c.jpg',
  'a.txt',
  'a/b/ü — 写真 📷.jpg',
  'new\nline',
  'back\\slash',
  `quote'"$(x)*[1]`,
  '-rf',
  'tab\there',
];

/** Writes the same into any volume; what is not set is the same everywhere, too, but for times of folders. */
export async function fill(volume: Volume): Promise<void> {
  await Promise.all(
    NASTY.map((path, i) =>
      volume.write(path, Buffer.from(`content of ${i}`), {
        mode: 0o640,
        uid: 1000 + i,
        gid: 100,
        mtimeMs: MTIME_MS + i,
      }),
    ),
  );
  await volume.write('empty', new Uint8Array(), { mode: 0o4755, mtimeMs: MTIME_MS });
  await volume.write('large.bin', new Uint8Array(9 * 1024 * 1024).fill(7), { mtimeMs: MTIME_MS });
  await volume.touch('a/b/', { mode: 0o2750, uid: 7, gid: 8, mtimeMs: MTIME_MS });
  await volume.touch('a/', { mtimeMs: MTIME_MS });
  await volume.touch('a b/', { mtimeMs: MTIME_MS });
  await volume.write('gone/deep/file', Buffer.from('x'));
  await volume.remove('gone');
}

/** Entries as plain objects. */
export function comparable(entries: readonly FileEntry[]): object[] {
  return entries.map(({ ...entry }) => entry);
}
