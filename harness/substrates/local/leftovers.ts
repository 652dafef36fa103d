import { rm } from 'node:fs/promises';
import pRetry from 'p-retry';
import { signalProcess } from '../../services/process.ts';
import { isSameProcess, processesOf } from './process-table.ts';
import { listWorkFolders, type Owner, recordedProcesses, workRoot } from './work-folder.ts';

const END_TRIES = 60;
const END_POLL_MS = 100;

/** What a run left on this machine, and whether anybody still uses it. */
export interface Leftover {
  readonly runId: string;
  readonly folder: string;
  readonly pids: readonly number[];
  readonly state: 'running' | 'killed' | 'kept' | 'expired';
}

/** Looks for the work folders and processes of runs, those in use included. */
export function findLeftovers(root = workRoot()): Leftover[] {
  return listWorkFolders(root).map(({ folder, owner }) => {
    const runId = owner?.runId ?? folder.slice(folder.lastIndexOf('restore-drill-') + 'restore-drill-'.length);
    return { runId, folder, pids: livingProcesses(runId, folder), state: stateOf(owner) };
  });
}

/** Ends the processes of a leftover, hardest signal at once since nobody waits for their data, and removes its folder. */
export async function removeLeftover(leftover: Leftover): Promise<void> {
  await pRetry(
    () => {
      const living = livingProcesses(leftover.runId, leftover.folder);
      for (const pid of living) signalProcess(pid, 'SIGKILL');
      if (living.length > 0)
        throw new Error(`processes ${living.join(', ')} of run ${leftover.runId} have not ended yet`);
    },
    { retries: END_TRIES, minTimeout: END_POLL_MS, factor: 1 },
  );
  await rm(leftover.folder, { recursive: true, force: true, maxRetries: 3 });
}

function stateOf(owner: Owner | undefined): Leftover['state'] {
  if (!owner) return 'killed';
  if (!owner.kept) return isSameProcess(owner.pid, owner.startedAt) ? 'running' : 'killed';
  return Date.parse(owner.expiresAt) < Date.now() ? 'expired' : 'kept';
}

function livingProcesses(runId: string, folder: string): number[] {
  const noted = recordedProcesses(folder).filter(({ pid, startedAt }) => isSameProcess(pid, startedAt));
  return [...new Set([...noted.map(({ pid }) => pid), ...processesOf(runId, folder)])];
}
