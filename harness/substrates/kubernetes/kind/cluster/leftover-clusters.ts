import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Docker } from '../../../../machine/docker/docker.ts';
import { type Leftover, ownerOf, stateOf } from '../../../../machine/work-folders/leftovers.ts';
import { compareHabitat, parseOwner } from '../../../../machine/work-folders/owner.ts';
import { OWNER_MOUNT } from './kind-cluster.ts';

const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';

/** A cluster of a run, and whether anybody still uses it. */
export interface LeftoverCluster {
  readonly cluster: string;
  /** Empty when it cannot be told. */
  readonly runId: string;
  readonly state: Leftover['state'] | 'not ours';
}

/** Looks for the clusters of runs, those in use included; clusters that no run has made are passed over. */
export async function findClusters(docker: Docker): Promise<LeftoverCluster[]> {
  const listed = await docker.run(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${CLUSTER_LABEL}`]);
  const ids = listed.stdout.split('\n').filter(Boolean);
  const found: LeftoverCluster[] = [];
  for (const id of ids) {
    const asked = await docker.run(['inspect', '--format', '{{json .Config.Labels}}\n{{json .Mounts}}', id]);
    const [labels, mounts] = asked.stdout.split('\n');
    if (!asked.ok || !labels || !mounts) continue;
    const cluster = (JSON.parse(labels) as Record<string, string>)[CLUSTER_LABEL];
    const note = (JSON.parse(mounts) as { Source: string; Destination: string }[]).find(
      ({ Destination }) => Destination === OWNER_MOUNT,
    );
    if (!cluster || !note) continue;
    found.push({ cluster, ...(await whose(docker, id, dirname(note.Source))) });
  }
  return found;
}

/**
 * Whose a cluster is. When the run's folder is gone, or is one of another machine or container that uses the same Docker,
 * the node still has the note: without one that names a run of this account here nothing is removed.
 */
async function whose(docker: Docker, id: string, folder: string): Promise<Omit<LeftoverCluster, 'cluster'>> {
  if (existsSync(folder)) {
    const owner = ownerOf(folder, dirname(folder));
    if (typeof owner === 'string') return { runId: '', state: 'not ours' };
    const state = await stateOf(folder, owner);
    return { runId: owner.runId, state: state === 'gone' ? 'killed' : state };
  }
  const asked = await docker.run(['exec', id, 'cat', OWNER_MOUNT]);
  const owner = asked.ok ? parseOwner(asked.stdout) : '';
  if (typeof owner === 'string') return { runId: '', state: 'not ours' };
  const isOurs = owner.uid === process.getuid?.() && compareHabitat(owner) !== 'elsewhere';
  return { runId: owner.runId, state: isOurs ? 'killed' : 'not ours' };
}
