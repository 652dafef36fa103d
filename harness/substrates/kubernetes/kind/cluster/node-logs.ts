import { type LogTarget, write } from '../../core/logs/export-logs.ts';
import type { KindProgram } from './kind-program.ts';

const BUDGET_MS = 20_000;
const LINES = '2000';
const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';

/** What a node can be asked when its API server does not answer. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  kubelet: ['journalctl', '--no-pager', '--unit', 'kubelet', '--lines', LINES],
  containerd: ['journalctl', '--no-pager', '--unit', 'containerd', '--lines', LINES],
  containers: ['crictl', 'ps', '--all'],
};

/**
 * Writes what the nodes of a cluster say into the logs of a run, for a cluster that did not come up: the end of what its
 * containers wrote, of the kubelet and of containerd. Gives the names of the logs.
 */
export async function exportNodeLogs({ docker, cluster }: KindProgram, target: LogTarget): Promise<string[]> {
  const filter = `label=${CLUSTER_LABEL}=${cluster}`;
  const listed = await docker.run(['ps', '--all', '--filter', filter, '--format', '{{.Names}}']);
  const written: string[] = [];
  for (const node of listed.stdout.split('\n').filter(Boolean)) {
    const own = await docker.run(['logs', '--tail', LINES, node], { budgetMs: BUDGET_MS });
    const parts = [`# ${node}\n${own.all.trimEnd()}\n`];
    for (const [what, command] of Object.entries(QUESTIONS)) {
      const said = await docker.run(['exec', node, ...command], { budgetMs: BUDGET_MS });
      parts.push(`# ${what}\n${said.all.trimEnd()}\n`);
    }
    written.push(await write(`node.${node}`, parts.join(''), target));
  }
  return written;
}
