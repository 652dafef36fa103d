import pRetry from 'p-retry';
import { signalProcess } from '../../services/process.ts';
import { nameOfRun } from '../kubernetes/kube/labels.ts';
import { removeContainersOf, removeNetwork } from './docker/containers.ts';
import { isSameProcess, processesOf } from './process-table.ts';
import { listWorkFolders, type Owner, recordedProcesses, removeWorkFolder, workRoot } from './work-folder.ts';

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

/** Ends what a leftover still runs, and removes its folder. */
export async function removeLeftover({ runId, folder }: Leftover): Promise<void> {
  await endProcessesOf(runId, folder);
  // After the processes: a client of Docker that still lives could start another one.
  await removeContainersOf(runId);
  await removeNetwork(nameOfRun(runId));
  await removeWorkFolder(folder);
}

/** Ends the processes of a run, hardest signal at once since nobody waits for their data any more. */
export async function endProcessesOf(runId: string, folder: string): Promise<void> {
  await pRetry(
    () => {
      const living = livingProcesses(runId, folder);
      for (const pid of living) signalProcess(pid, 'SIGKILL');
      if (living.length > 0) throw new Error(`processes ${living.join(', ')} of run ${runId} have not ended yet`);
    },
    { retries: END_TRIES, minTimeout: END_POLL_MS, factor: 1 },
  );
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
