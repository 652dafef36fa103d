import { networkOf } from '../../../machine/docker/run-name.ts';
import { endProcessesOf } from '../../../machine/processes/end-processes.ts';
import { isOver, surveyWorkRoot, sweepLeftovers } from '../../../machine/work-folders/leftovers.ts';
import type { Swept } from '../../../model/substrate.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import type { KindProgram } from './cluster/kind-program.ts';
import { findClusters } from './cluster/leftover-clusters.ts';

/** Removes what runs have left that were killed or whose time is up. */
export async function sweepMachine(program: Omit<KindProgram, 'cluster' | 'network'>): Promise<Swept> {
  const over = (await surveyWorkRoot()).leftovers.filter(isOver);
  const leftAlone: string[] = [];
  const removed: string[] = [];
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
      return true;
    } catch (error) {
      leftAlone.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  };
  // First: a kind that still makes a cluster would go on making it.
  for (const { runId, folder } of over) await attempt(folder, () => endProcessesOf(runId, folder));
  const clusters = await findClusters(program.docker);
  for (const one of clusters.filter(isOver)) {
    const { cluster, runId, state } = one;
    const remove = () => deleteCluster({ ...program, cluster, network: networkOf(cluster) });
    if (await attempt(`cluster ${cluster}`, remove)) removed.push(`cluster ${cluster} of run ${runId} (${state})`);
  }
  // After the clusters: the folders tell whose they are.
  const folders = await sweepLeftovers();
  return { removed: [...removed, ...folders.removed], leftAlone: [...leftAlone, ...folders.leftAlone] };
}
