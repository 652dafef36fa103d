import { hostname } from 'node:os';
import type { V1Namespace } from '@kubernetes/client-node';
import { DrillError } from '../../model/error.ts';
import type { Kube } from '../kubernetes/kube/kube.ts';
import { EXPIRES_ANNOTATION, nameOfRun } from '../kubernetes/kube/labels.ts';
import { waitUntil } from '../kubernetes/kube/wait-until.ts';
import { RUN_LABEL } from '../local/docker/containers.ts';
import { isSameProcess } from '../local/process-table.ts';
import { listWorkFolders } from '../local/work-folder.ts';
import { type NamespaceOwner, OWNER_ANNOTATION } from './sandbox-namespace.ts';

const GONE_BUDGET_MS = 180_000;

/** A namespace that a run has made, and whether anybody still uses it. */
export interface LeftoverNamespace {
  readonly namespace: string;
  readonly runId: string;
  readonly state: 'running' | 'killed' | 'kept' | 'expired';
}

/** Looks for the namespaces of runs, those in use included; a namespace that no run has made is passed over. */
export async function findNamespaces(kube: Kube): Promise<LeftoverNamespace[]> {
  const { items } = await kube.ask(() => kube.core.listNamespace({ labelSelector: RUN_LABEL }));
  return items.flatMap((item) => {
    const namespace = item.metadata?.name ?? '';
    const owner = ownerOf(item);
    // Whoever only copied our label has a name of another kind.
    if (!owner || namespace !== nameOfRun(owner.runId) || item.metadata?.deletionTimestamp) return [];
    return [{ namespace, runId: owner.runId, state: stateOf(item, owner) }];
  });
}

/** Deletes the namespace of a run with all that is in it, and waits until it is gone. */
export async function removeNamespace(kube: Kube, name: string): Promise<void> {
  await kube.remove(() => kube.core.deleteNamespace({ name }));
  await waitUntil(async () => ((await kube.find(() => kube.core.readNamespace({ name }))) ? undefined : true), {
    budgetMs: GONE_BUDGET_MS,
    signal: kube.address.signal,
    late: () =>
      new DrillError({
        code: 'namespace-left',
        where: 'substrate/cluster',
        what: `The namespace ${name} was deleted and is still there after ${GONE_BUDGET_MS / 1000} s.`,
        next: `see with \`kubectl describe namespace ${name}\` what it waits for; \`drill gc --on cluster\` looks again.`,
        blame: 'environment',
      }),
  });
}

function ownerOf({ metadata }: V1Namespace): NamespaceOwner | undefined {
  try {
    return JSON.parse(metadata?.annotations?.[OWNER_ANNOTATION] ?? '') as NamespaceOwner;
  } catch {
    return undefined;
  }
}

/** Of a process on another machine only the time that it was given is known. */
function stateOf({ metadata }: V1Namespace, owner: NamespaceOwner): LeftoverNamespace['state'] {
  const isExpired = Date.parse(metadata?.annotations?.[EXPIRES_ANNOTATION] ?? '') < Date.now();
  if (isExpired) return 'expired';
  if (owner.host !== hostname() || isSameProcess(owner.pid, owner.startedAt)) return 'running';
  return listWorkFolders().some((one) => one.owner?.runId === owner.runId && one.owner.kept) ? 'kept' : 'killed';
}
