import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openToolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import { Kube } from '../core/kube/kube.ts';
import { findNamespaces, type LeftoverNamespace, removeNamespace } from './leftover-namespaces.ts';
import { chooseContext, type UserContext } from './user-context.ts';

const BUDGET_MS = 10 * 60_000;

/** The namespaces of runs in a cluster of the user. */
export interface NamespacesThere extends AsyncDisposable {
  readonly context: string;
  readonly found: readonly LeftoverNamespace[];
  remove(namespace: LeftoverNamespace): Promise<void>;
}

/** Looks for the namespaces of runs in the cluster of a context; they go only when they are told to. */
export async function openNamespacesThere(user: UserContext): Promise<NamespacesThere> {
  const folder = await mkdtemp(join(tmpdir(), 'drill-gc-'));
  const dispose = async () => await rm(folder, { recursive: true, force: true });
  try {
    const kubectl = (await (await openToolbox()).provide('kubectl')).location;
    const { context, kubeconfig } = await chooseContext(kubectl, user, folder);
    const kube = new Kube({ kubeconfig, namespace: '', kubectl, signal: AbortSignal.timeout(BUDGET_MS) });
    const found = await findNamespaces(kube);
    const remove = async ({ namespace }: LeftoverNamespace) => await removeNamespace(kube, namespace);
    return { context, found, remove, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
