import type { V1Namespace, V1RoleBinding } from '@kubernetes/client-node';
import { processStart } from '../../../machine/processes/process-table.ts';
import { expiresAt } from '../../../machine/work-folders/expires-at.ts';
import { type Habitat, habitat } from '../../../machine/work-folders/owner.ts';
import { type PodStandard, STANDARD_LABEL } from '../core/kube/confined.ts';
import { EXPIRES_ANNOTATION, labelsOf } from '../core/kube/labels.ts';

/** Who made a namespace, as JSON: see `NamespaceOwner`. */
export const OWNER_ANNOTATION = 'restore-drill.owner';
/** The role of a run in its own namespace, see `rbac.yaml`. */
export const SANDBOX_ROLE = 'restore-drill-sandbox';
/** What all volumes of a run may take together. */
export const MOST_STORAGE_GIB = 500;

/** The process that a namespace belongs to, and where it lives. */
export interface NamespaceOwner extends Habitat {
  readonly runId: string;
  readonly pid: number;
  readonly startedAt: string;
}

/** The namespace of a run: whose it is, until when, and what its pods may be. */
export function namespaceManifest(name: string, runId: string, standard: PodStandard): V1Namespace {
  const owner: NamespaceOwner = {
    runId,
    ...habitat(),
    pid: process.pid,
    startedAt: processStart(process.pid) ?? '',
  };
  return {
    metadata: {
      name,
      labels: { ...labelsOf(runId, 'volume'), [STANDARD_LABEL]: standard },
      annotations: {
        [EXPIRES_ANNOTATION]: expiresAt(),
        [OWNER_ANNOTATION]: JSON.stringify(owner),
      },
    },
  };
}

/** What a run may take at most, so that a fault of ours cannot fill a cluster of somebody else. */
export const QUOTA = {
  metadata: { name: 'restore-drill' },
  spec: {
    hard: {
      pods: '80',
      persistentvolumeclaims: '60',
      'requests.storage': `${MOST_STORAGE_GIB}Gi`,
      'limits.memory': '96Gi',
      'services.nodeports': '0',
      'services.loadbalancers': '0',
    },
  },
};

/** Gives an account the role of a run in the namespace. */
export function roleBinding(user: string): V1RoleBinding {
  return {
    metadata: { name: 'restore-drill' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: SANDBOX_ROLE },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  };
}
