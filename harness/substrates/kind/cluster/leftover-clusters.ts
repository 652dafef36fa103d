import { existsSync, readFileSync } from 'node:fs';
import type { Docker } from '../../local/docker/docker.ts';
import { isSameProcess } from '../../local/process-table.ts';
import type { Owner } from '../../local/work-folder.ts';
import { OWNER_MOUNT } from './kind-cluster.ts';

const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';

/** A cluster of a run, and whether anybody still uses it. */
export interface LeftoverCluster {
  readonly cluster: string;
  /** Empty when the note of who owns it is gone. */
  readonly runId: string;
  readonly state: 'running' | 'killed' | 'kept' | 'expired';
}

/** Looks for the clusters of runs, those in use included; clusters that are not ours are passed over. */
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
    const owner = ownerIn(note.Source);
    found.push({ cluster, runId: owner?.runId ?? '', state: stateOf(owner) });
  }
  return found;
}

function ownerIn(file: string): Owner | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Without a note the run's folder is gone: nobody can use its cluster any more. */
function stateOf(owner: Owner | undefined): LeftoverCluster['state'] {
  if (!owner) return 'killed';
  if (!owner.kept) return isSameProcess(owner.pid, owner.startedAt) ? 'running' : 'killed';
  return Date.parse(owner.expiresAt) < Date.now() ? 'expired' : 'kept';
}
