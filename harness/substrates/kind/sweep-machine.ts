import { networkOf } from '../kubernetes/kube/labels.ts';
import { endProcessesOf, findLeftovers, removeLeftover } from '../local/leftovers.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import type { KindProgram } from './cluster/kind-program.ts';
import { findClusters } from './cluster/leftover-clusters.ts';

/** Removes what runs have left that were killed or whose time is up; gives what it removed. */
export async function sweepMachine(program: Omit<KindProgram, 'cluster' | 'network'>): Promise<string[]> {
  const folders = findLeftovers().filter(({ state }) => state === 'killed' || state === 'expired');
  // First: a kind that still makes a cluster would go on making it.
  for (const { runId, folder } of folders) await endProcessesOf(runId, folder);
  const dead = (await findClusters(program.docker)).filter(({ state }) => state === 'killed' || state === 'expired');
  for (const { cluster } of dead) await deleteCluster({ ...program, cluster, network: networkOf(cluster) });
  // After the clusters: the folders tell whose they are.
  for (const leftover of folders) await removeLeftover(leftover);
  return [
    ...dead.map(
      ({ cluster, runId, state }) => `cluster ${cluster} of ${runId ? `run ${runId}` : 'a lost run'} (${state})`,
    ),
    ...folders.map(({ runId, state }) => `run ${runId} (${state})`),
  ];
}
