import { AuthenticationV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import type { PodStandard } from '../core/kube/confined.ts';
import type { Kube } from '../core/kube/kube.ts';
import { waitUntil } from '../core/kube/wait-until.ts';
import { buildWalls, type Walls } from '../core/kube/walls.ts';
import { removeNamespace } from './leftover-namespaces.ts';
import { EVERYWHERE, IN_NAMESPACE, lacking, notPermitted } from './permissions.ts';
import { requireConfined } from './require-confined.ts';
import { namespaceManifest, QUOTA, roleBinding } from './sandbox-namespace.ts';

/** A role that was just given works some seconds later. */
const ROLE_BUDGET_MS = 30_000;

/** What the namespace of a run is made of. */
export interface NamespaceSetting {
  readonly context: string;
  readonly runId: string;
  /** It may be used by an account that nothing keeps to namespaces of drills. */
  readonly allowUnconfined: boolean;
  readonly standard: PodStandard;
  readonly walls: Walls;
}

/** Makes the namespace of a run with its limits and its walls, before anything runs in it. When it cannot, it goes again. */
export async function openNamespace(kube: Kube, setting: NamespaceSetting): Promise<void> {
  const missing = await lacking(kube, EVERYWHERE);
  if (missing.length > 0) throw notPermitted(setting.context, missing);
  await requireConfined(kube, setting.context, setting.allowUnconfined);
  const { namespace } = kube;
  await kube.make(() =>
    kube.core.createNamespace({ body: namespaceManifest(namespace, setting.runId, setting.standard) }),
  );
  try {
    await permit(kube, setting.context);
    await kube.make(() => kube.core.createNamespacedResourceQuota({ namespace, body: QUOTA }));
    await buildWalls(kube, setting.walls);
    await accountThere(kube);
  } catch (error) {
    // What happened counts; what cannot be removed now, `drill gc --on cluster` finds.
    await removeNamespace(kube, namespace).catch(() => {});
    throw error;
  }
}

/** Takes the role of drills in the namespace, unless the account may do all that anyhow. */
async function permit(kube: Kube, context: string): Promise<void> {
  const { namespace } = kube;
  if ((await lacking(kube, IN_NAMESPACE, namespace)).length === 0) return;
  const { status } = await kube.ask(() =>
    kube.config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} }),
  );
  const body = roleBinding(status?.userInfo?.username ?? '');
  const rbac = kube.config.makeApiClient(RbacAuthorizationV1Api);
  await kube.make(() => rbac.createNamespacedRoleBinding({ namespace, body }));
  let missing = IN_NAMESPACE;
  const look = async () => {
    missing = await lacking(kube, missing, namespace);
    return missing.length === 0 ? true : undefined;
  };
  const late = () => notPermitted(context, missing);
  await waitUntil(look, { budgetMs: ROLE_BUDGET_MS, signal: kube.address.signal, late });
}

/** Until its account is there no pod can be made. */
async function accountThere(kube: Kube): Promise<void> {
  const { namespace } = kube;
  const find = () => kube.core.readNamespacedServiceAccount({ namespace, name: 'default' });
  await waitUntil(async () => await kube.find(find), {
    budgetMs: ROLE_BUDGET_MS,
    signal: kube.address.signal,
    late: () => new Error(`the namespace ${namespace} has no account after ${ROLE_BUDGET_MS / 1000} s`),
  });
}
