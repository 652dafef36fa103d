import { Docker } from '../../../machine/docker/docker.ts';
import { networkOf } from '../../../machine/docker/run-name.ts';
import { openToolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import { DrillError } from '../../../model/error.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import { findClusters, type LeftoverCluster } from './cluster/leftover-clusters.ts';

/** The clusters of runs on this machine; none where there is no Docker that answers. */
export async function findClustersHere(): Promise<LeftoverCluster[]> {
  const docker = await Docker.find();
  return docker instanceof Docker ? await findClusters(docker) : [];
}

/** Deletes the cluster of a run, with the kind of this machine. */
export async function removeCluster({ cluster }: LeftoverCluster): Promise<void> {
  const docker = await Docker.find();
  const kind = await (await openToolbox()).provide('kind');
  if (docker instanceof Docker)
    return await deleteCluster({ docker, command: kind.location, cluster, network: networkOf(cluster) });
  throw new DrillError({
    code: 'docker-missing',
    where: 'substrate/kind',
    what: `The cluster ${cluster} could not be deleted: ${docker}.`,
    next: 'start Docker, and run `drill gc` again.',
    blame: 'environment',
  });
}
