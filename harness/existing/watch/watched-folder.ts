import { constants } from 'node:fs';
import { access, lstat, realpath, statfs } from 'node:fs/promises';
import type { PlaceEntry, WatchedPlace } from '../../model/watch.ts';
import { digestsOf } from './digests-of.ts';
import { SmallestFiles } from './smallest-files.ts';
import { walkFolder } from './walk-folder.ts';

/** File systems of the kernel keep a number for each file as long as it lives; these make them up: FUSE, SMB, CIFS, exFAT, FAT. */
const NO_INODES = new Set([0x65735546, 0x517b, 0xfe534d42, 0xff534d42, 0x2011bab0, 0x4d44]);

/**
 * A folder of this machine, listed by the harness itself: every entry with its type, size, times, inode, mode, owner, links
 * and target, and the SHA-256 of its smallest files. Links below it are not followed; the time of reading does not count,
 * and is left alone where that can be.
 */
export function watchedFolder(folder: string): WatchedPlace {
  return {
    id: folder,
    folder,
    ways: [{ by: 'the harness', list: () => entriesOf(folder) }],
    guard: async () => {
      try {
        await access(folder, constants.W_OK);
      } catch (error) {
        // Permissions are those of one folder; only a mount holds for all that is below.
        if ((error as NodeJS.ErrnoException).code === 'EROFS') return 'mounted read-only';
      }
      return undefined;
    },
  };
}

async function* entriesOf(folder: string): AsyncGenerator<PlaceEntry> {
  const root = await realpath(folder);
  // A disk that is not mounted is an empty folder, or none: the restore says so better than this.
  await lstat(root);
  const { type } = await statfs(root);
  const smallest = new SmallestFiles();
  for await (const found of walkFolder(root)) {
    const { entry, bytesPath } = found;
    const { inode, ...others } = entry.facts;
    yield NO_INODES.has(type) ? { ...entry, facts: others } : entry;
    if (bytesPath)
      smallest.offer({ path: entry.path, bytesPath, sizeBytes: Number(others.sizeBytes), inode: String(inode) });
  }
  yield* digestsOf(root, smallest.chosen());
}
