import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { livingProcesses } from '../processes/end-processes.ts';
import { isSameProcess } from '../processes/process-table.ts';
import { compareHabitat, OWNER_FILE, type Owner, readOwner } from './owner.ts';
import { removeRun } from './remove-run.ts';
import { isHeld } from './run-lock.ts';
import { folderNameOf, mayBeWorkFolder, workRoot } from './work-root.ts';
import { fileWriter } from './writing/file-writer.ts';

const WRITABLE_BY_OTHERS = 0o022;

/** What a run left on this machine, and whether anybody still uses it. */
export interface Leftover {
  readonly runId: string;
  readonly folder: string;
  readonly pids: readonly number[];
  readonly state: 'running' | 'killed' | 'kept' | 'expired';
}

/** Something that lies where our work folders do and is not provably that of a run of this account: it is left alone. */
export interface Stranger {
  readonly path: string;
  /** In a clause, why. */
  readonly why: string;
}

/** Looks for the work folders of runs of this account, those in use included, and for what else lies among them. */
export async function surveyWorkRoot(
  root = workRoot(),
): Promise<{ readonly leftovers: readonly Leftover[]; readonly strangers: readonly Stranger[] }> {
  const leftovers: Leftover[] = [];
  const strangers: Stranger[] = [];
  for (const name of namesIn(root)) {
    const folder = join(root, name);
    const owner = ownerOf(folder, root);
    if (typeof owner === 'string') {
      // One that is being made has no owner for a moment.
      if (existsSync(folder) && !name.startsWith('.')) strangers.push({ path: folder, why: owner });
      continue;
    }
    const state = await stateOf(folder, owner);
    if (state !== 'gone')
      leftovers.push({ runId: owner.runId, folder, pids: livingProcesses(owner.runId, folder), state });
  }
  return { leftovers, strangers };
}

/** The work folders of runs of this account, those in use included. */
export async function findLeftovers(root = workRoot()): Promise<readonly Leftover[]> {
  return (await surveyWorkRoot(root)).leftovers;
}

/** Ends what a leftover still runs, and removes its folder. */
export async function removeLeftover(leftover: Leftover): Promise<void> {
  await removeRun(leftover, (folder) => fileWriter.remove(folder));
}

/** Removes what runs have left that are over; what cannot be removed is told of, and keeps no drill from running. */
export async function sweepLeftovers(root = workRoot()): Promise<{ removed: string[]; leftAlone: string[] }> {
  const { leftovers, strangers } = await surveyWorkRoot(root);
  const removed: string[] = [];
  const leftAlone = strangers.map(({ path, why }) => `${path} (${why})`);
  for (const one of leftovers.filter(isOver)) {
    try {
      await removeLeftover(one);
      removed.push(`run ${one.runId} (${one.state})`);
    } catch (error) {
      leftAlone.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { removed, leftAlone };
}

/** Whether nobody uses it any more, nor wants to. */
export function isOver({ state }: { readonly state: string }): boolean {
  return state === 'killed' || state === 'expired';
}

/** Whose work folder that is, or in a clause why it cannot be told, or is not that of a run of this account on this machine. */
export function ownerOf(folder: string, root: string): Owner | string {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  if (!status?.isDirectory()) return 'it is no folder';
  const uid = process.getuid?.();
  if (status.uid !== uid) return `it belongs to the account ${status.uid}`;
  if ((status.mode & WRITABLE_BY_OTHERS) !== 0) return 'others may write to it';
  const owner = readOwner(join(folder, OWNER_FILE));
  if (typeof owner === 'string') return owner;
  const name = folderNameOf(owner.runId, root);
  if (owner.uid !== uid) return `its run is one of the account ${owner.uid}`;
  if (![name, `.${name}`].includes(basename(folder))) return `its owner is run ${owner.runId}, whose folder it is not`;
  if (compareHabitat(owner) === 'elsewhere') return `its run is one of ${owner.host}, or of another PID namespace`;
  return owner;
}

/** The lock decides; a process that is there all the same is left alone, too, since a cleaner may have taken the lock away. */
export async function stateOf(folder: string, owner: Owner): Promise<Leftover['state'] | 'gone'> {
  if (owner.kept) return Date.parse(owner.expiresAt) < Date.now() ? 'expired' : 'kept';
  if (compareHabitat(owner) === 'same' && isSameProcess(owner.pid, owner.startedAt)) return 'running';
  if (await isHeld(folder)) return existsSync(folder) ? 'running' : 'gone';
  return existsSync(folder) ? 'killed' : 'gone';
}

function namesIn(root: string): string[] {
  try {
    return readdirSync(root)
      .filter((name) => mayBeWorkFolder(name, root))
      .sort();
  } catch {
    return [];
  }
}
