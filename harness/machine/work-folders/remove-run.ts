import { endProcessesOf } from '../processes/end-processes.ts';
import { releaseSharedMemory } from '../processes/shared-memory.ts';
import { onSearchPath } from '../tools/toolbox/search-path.ts';
import { removeTree } from './remove-tree.ts';

/** A run on this machine: its id, and the folder with all that it has. */
export interface RunHere {
  readonly runId: string;
  readonly folder: string;
}

/**
 * Ends what a run that is over still runs, and removes what it has on this machine. Whatever cannot be removed keeps nothing
 * else from being removed; all of it is in the error.
 */
export async function removeRun(
  { runId, folder }: RunHere,
  remove: (folder: string) => void | Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const steps = [
    () => endProcessesOf(runId, folder),
    // After the processes: a client of Docker that still lives could start another one.
    () => removeFromDocker(runId),
    () => releaseSharedMemory(folder),
    () => removeTree(folder, remove),
  ];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0)
    throw new AggregateError(errors, `${folder} of run ${runId} could not be removed: ${errors.map(said).join('; ')}`);
}

/** Loaded only where there is a Docker: it is more code than all the rest, and time is short when a machine is busy. */
async function removeFromDocker(runId: string): Promise<void> {
  const [docker] = await onSearchPath('docker', process.env);
  if (docker === undefined) return;
  const { nameOfRun } = await import('../docker/run-name.ts');
  const { removeContainersOf, removeNetwork } = await import('../docker/containers.ts');
  const { removeClustersOf } = await import('../docker/clusters.ts');
  await removeContainersOf(runId);
  await removeClustersOf(runId);
  await removeNetwork(nameOfRun(runId));
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
