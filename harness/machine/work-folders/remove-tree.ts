import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pRetry from 'p-retry';

const TRIES = 20;
const POLL_MS = 50;
const OPEN = 0o700;

/**
 * Removes a folder with all in it, though others may remove it, or still write to it, at the same time, and though folders
 * in it may be closed to their own account, as a restore makes those that were so in a backup.
 */
export async function removeTree(folder: string, remove: (folder: string) => void | Promise<void>): Promise<void> {
  await pRetry(
    async () => {
      try {
        await remove(folder);
      } catch (error) {
        if (isThere(folder)) openFolders(folder);
        throw error;
      }
    },
    { retries: TRIES, minTimeout: POLL_MS, factor: 1, shouldRetry: () => true },
  );
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** No link is followed; what goes away meanwhile, or cannot be opened, is left to the next try. */
function openFolders(folder: string): void {
  try {
    chmodSync(folder, OPEN);
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) openFolders(join(folder, entry.name));
  } catch {}
}
