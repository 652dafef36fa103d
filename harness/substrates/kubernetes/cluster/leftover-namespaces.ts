import type { V1Namespace } from '@kubernetes/client-node';
import { RUN_LABEL } from '../../../machine/docker/containers.ts';
import { nameOfRun } from '../../../machine/docker/run-name.ts';
import { isSameProcess } from '../../../machine/processes/process-table.ts';
import { findLeftovers, isOver, type Leftover } from '../../../machine/work-folders/leftovers.ts';
import { compareHabitat } from '../../../machine/work-folders/owner.ts';
import { DrillError } from '../../../model/error.ts';
import type { Swept } from '../../../model/substrate.ts';
import type { Kube } from '../core/kube/kube.ts';
import { EXPIRES_ANNOTATION } from '../core/kube/labels.ts';
import { waitUntil } from '../core/kube/wait-until.ts';
import { contentsFor, releaseContents } from '../core/snapshots/release-contents.ts';
import { type NamespaceOwner, OWNER_ANNOTATION } from './sandbox-namespace.ts';

const GONE_BUDGET_MS = 180_000;

/** A namespace that a run has made, and whether anybody still uses it. */
export interface LeftoverNamespace {
  readonly namespace: string;
  readonly runId: string;
  readonly state: Leftover['state'];
}

/** Looks for the namespaces of runs, those in use included; a namespace that no run has made is passed over. */
export async function findNamespaces(kube: Kube): Promise<LeftoverNamespace[]> {
  const { items } = await kube.ask(() => kube.core.listNamespace({ labelSelector: RUN_LABEL }));
  const here = await findLeftovers();
  return items.flatMap((item) => {
    const namespace = item.metadata?.name ?? '';
    const owner = ownerOf(item);
    // Whoever only copied our label has a name of another kind.
    if (!owner || namespace !== nameOfRun(owner.runId) || item.metadata?.deletionTimestamp) return [];
    return [{ namespace, runId: owner.runId, state: stateOfNamespace(item, owner, here) }];
  });
}

/** Deletes the namespace of a run with all that is in it and what points into it, and waits until it is gone. */
export async function removeNamespace(kube: Kube, name: string): Promise<void> {
  await releaseContents(kube, name);
  await kube.remove(() => kube.core.deleteNamespace({ name }));
  const isGone = async () => {
    if (await kube.find(() => kube.core.readNamespace({ name }))) return undefined;
    return (await contentsFor(kube, name)).length === 0 ? true : undefined;
  };
  await waitUntil(isGone, {
    budgetMs: GONE_BUDGET_MS,
    signal: kube.address.signal,
    late: () =>
      new DrillError({
        code: 'namespace-left',
        where: 'substrate/cluster',
        what: `The namespace ${name}, or a content of a snapshot for it, was deleted and is still there after ${GONE_BUDGET_MS / 1000} s.`,
        next: `see with \`kubectl describe namespace ${name}\` and \`kubectl get volumesnapshotcontent\` what it waits for; \`drill gc --on cluster\` looks again.`,
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

/** Deletes the namespaces of runs that are over; one that cannot be deleted is told of, and keeps no drill from running. */
export async function sweepNamespaces(kube: Kube): Promise<Swept> {
  const removed: string[] = [];
  const leftAlone: string[] = [];
  for (const { namespace, runId, state } of (await findNamespaces(kube)).filter(isOver)) {
    try {
      await removeNamespace(kube, namespace);
      removed.push(`namespace ${namespace} of run ${runId} (${state})`);
    } catch (error) {
      leftAlone.push(`namespace ${namespace} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  return { removed, leftAlone };
}

/**
 * Whether anybody uses a namespace. A run that is seen to live is never over, whatever its time; of a process on another
 * machine only that time is known, and it renews it as long as it lives.
 */
export function stateOfNamespace(
  { metadata }: Pick<V1Namespace, 'metadata'>,
  owner: NamespaceOwner,
  here: readonly Pick<Leftover, 'runId' | 'state'>[],
): LeftoverNamespace['state'] {
  const isExpired = Date.parse(metadata?.annotations?.[EXPIRES_ANNOTATION] ?? '') < Date.now();
  const folder = here.find(({ runId }) => runId === owner.runId);
  if (folder?.state === 'running') return 'running';
  const where = compareHabitat(owner);
  if (where === 'elsewhere') return isExpired ? 'expired' : 'running';
  if (where === 'same' && isSameProcess(owner.pid, owner.startedAt)) return 'running';
  if (isExpired) return 'expired';
  return folder?.state === 'kept' ? 'kept' : 'killed';
}
