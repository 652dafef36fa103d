import pRetry from 'p-retry';
import { DrillError } from '../../model/error.ts';
import { Docker } from './docker.ts';

const REMOVE_TRIES = 20;
const REMOVE_POLL_MS = 250;

/** The label that every container of ours carries, with the run's id. */
export const RUN_LABEL = 'restore-drill.run';

/** Labels that a container of ours carries; one that is asked for must have them all, with exactly these values. */
export type RunLabels = Readonly<Record<string, string>> & { readonly [RUN_LABEL]: string };

/** The containers of a run, or of one call of a run: all of them, or only those that run. */
export async function listContainers(
  docker: Docker,
  labels: RunLabels,
  which: 'all' | 'running' = 'all',
): Promise<string[]> {
  const filters = Object.entries(labels).flatMap(([name, value]) => ['--filter', `label=${name}=${value}`]);
  const ran = await docker.run(['ps', `--all=${which === 'all'}`, '--quiet', '--no-trunc', ...filters]);
  if (!ran.ok) throw notRemoved('Docker did not tell which containers are left.', ran.tail);
  return ran.stdout.split('\n').filter(Boolean);
}

/** Ends and removes the containers of a run, or of one call of it; never one without its label. */
export async function removeContainers(docker: Docker, labels: RunLabels): Promise<void> {
  await pRetry(
    async () => {
      const doomed = await listContainers(docker, labels);
      if (doomed.length === 0) return;
      // It fails when a container ends by itself meanwhile: only the list afterwards tells.
      const ran = await docker.run(['rm', '--force', '--volumes', ...doomed]);
      const left = await listContainers(docker, labels);
      if (left.length > 0) throw notRemoved(`The containers ${left.join(', ')} could not be removed.`, ran.tail);
    },
    { retries: REMOVE_TRIES, minTimeout: REMOVE_POLL_MS, factor: 1 },
  );
}

/** Removes what a killed run left in Docker, where there is one: without a daemon nothing of the run can be running. */
export async function removeContainersOf(runId: string): Promise<void> {
  const docker = await Docker.find();
  if (docker instanceof Docker) await removeContainers(docker, { [RUN_LABEL]: runId });
}

/** Removes a network of ours that nothing is in any more; that there is none is fine. */
export async function removeNetwork(name: string): Promise<void> {
  const docker = await Docker.find();
  if (docker instanceof Docker) await docker.run(['network', 'rm', name]);
}

function notRemoved(what: string, tail: string): DrillError {
  return new DrillError({
    code: 'containers-left',
    where: 'substrate/local',
    what,
    next: `look with \`docker ps --all --filter label=${RUN_LABEL}\`, and run \`drill gc\` when Docker is well again.`,
    blame: 'environment',
    tail,
  });
}
