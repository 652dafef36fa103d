import { Docker } from './docker.ts';
import { nameOfRun } from './run-name.ts';

const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';
const REMOVE_BUDGET_MS = 120_000;

/** Removes the nodes of the clusters that a run has made, as `kind delete cluster` does; their names are of that run alone. */
export async function removeClustersOf(runId: string): Promise<void> {
  const docker = await Docker.find();
  if (!(docker instanceof Docker)) return;
  const format = `{{.ID}} {{.Label "${CLUSTER_LABEL}"}}`;
  const listed = await docker.run([
    ...['ps', '--all', '--no-trunc', '--filter', `label=${CLUSTER_LABEL}`, '--format', format],
  ]);
  const name = nameOfRun(runId);
  const nodes = listed.stdout.split('\n').flatMap((line) => {
    const [id, cluster = ''] = line.split(' ');
    return id && (cluster === name || cluster.startsWith(`${name}-`)) ? [id] : [];
  });
  if (nodes.length === 0) return;
  const removed = await docker.run(['rm', '--force', '--volumes', ...nodes], { budgetMs: REMOVE_BUDGET_MS });
  if (!removed.ok) throw new Error(`the nodes of cluster ${name} could not be removed: ${removed.tail}`);
}
