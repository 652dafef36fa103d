import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardian } from '../guardian/guardian.ts';
import { releaseSharedMemory } from '../processes/shared-memory.ts';
import { OWNER_FILE, ownerHere } from './owner.ts';
import { removeTree } from './remove-tree.ts';
import { holdLock, releaseLock, renameLock } from './run-lock.ts';
import { folderNameOf, letServersPass, openWorkRoot, workRoot } from './work-root.ts';
import { fileWriter } from './writing/file-writer.ts';

/** Names are short: sockets that tools make below them have no room for more. */
const PARTS = ['volumes', 'tmp'];
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/**
 * Makes the folder that holds everything of a run on this machine. The guardian knows of it before it is there, and it has
 * its name only when lock and owner are in it: nobody ever sees one that is half made.
 */
export async function makeWorkFolder(runId: string, root = workRoot()): Promise<string> {
  const name = folderNameOf(runId, root);
  const folder = join(root, name);
  const making = join(root, `.${name}`);
  openWorkRoot(root);
  guardian.guard({ runId, folder, making });
  mkdirSync(making, { mode: PRIVATE_FOLDER });
  await holdLock(making);
  await writeOwner(making, runId, false);
  for (const part of PARTS) {
    mkdirSync(join(making, part), { mode: PRIVATE_FOLDER });
    letServersPass(join(making, part));
  }
  letServersPass(making);
  renameSync(making, folder);
  renameLock(making, folder);
  return folder;
}

/** Writes, or rewrites, who owns a work folder; what is to be kept is not guarded any more. */
export async function writeOwner(folder: string, runId: string, kept: boolean): Promise<void> {
  const text = `${JSON.stringify(ownerHere(runId, kept), null, 2)}\n`;
  writeFileSync(join(folder, OWNER_FILE), text, { mode: PRIVATE_FILE });
  if (kept) guardian.release(folder);
}

/** Removes the work folder of a run whose processes have ended, and what they could not remove themselves. */
export async function removeWorkFolder(folder: string): Promise<void> {
  await releaseSharedMemory(folder);
  await removeTree(folder, (path) => fileWriter.remove(path));
  await releaseLock(folder);
  guardian.release(folder);
}
