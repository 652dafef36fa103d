import type { V1Namespace, V1NetworkPolicy, V1RoleBinding } from '@kubernetes/client-node';
import { EXPIRES_ANNOTATION, labelsOf } from '../kubernetes/kube/labels.ts';
import { type Habitat, habitat } from '../local/owner.ts';
import { processStart } from '../local/process-table.ts';

/** Who made a namespace, as JSON: see `NamespaceOwner`. */
export const OWNER_ANNOTATION = 'restore-drill.owner';
/** The role of a run in its own namespace, see `rbac.yaml`. */
export const SANDBOX_ROLE = 'restore-drill-sandbox';
/** What all volumes of a run may take together. */
export const MOST_STORAGE_GIB = 500;

const KEEP_HOURS = 24;
const DNS_PORT = 53;
/** Where a cache of names on every node listens, by convention. */
const NODE_LOCAL_DNS = '169.254.20.10/32';

/** The process that a namespace belongs to, and where it lives. */
export interface NamespaceOwner extends Habitat {
  readonly runId: string;
  readonly pid: number;
  readonly startedAt: string;
}

/** Until when a namespace that is made, or renewed, now is left alone though nobody can see whether its run lives. */
export function expiryFromNow(): string {
  return new Date(Date.now() + KEEP_HOURS * 3_600_000).toISOString();
}

/** The namespace of a run: whose it is, until when, and what its pods may be. They run as root, as a restore does. */
export function namespaceManifest(name: string, runId: string): V1Namespace {
  const owner: NamespaceOwner = {
    runId,
    ...habitat(),
    pid: process.pid,
    startedAt: processStart(process.pid) ?? '',
  };
  return {
    metadata: {
      name,
      labels: { ...labelsOf(runId, 'volume'), 'pod-security.kubernetes.io/enforce': 'baseline' },
      annotations: {
        [EXPIRES_ANNOTATION]: expiryFromNow(),
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

/** An address outside of the cluster that jobs may speak to. */
export interface Outside {
  readonly cidr: string;
  readonly port: number;
}

/** Pods of a run speak to each other, ask for names, and reach a backup store outside; nothing else in either direction. */
export function networkPolicy(outside: readonly Outside[] = []): V1NetworkPolicy {
  const own = { podSelector: {} };
  const dns = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: DNS_PORT }));
  const names = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } };
  return {
    metadata: { name: 'restore-drill' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ _from: [own] }],
      egress: [
        { to: [own] },
        { to: [names, { ipBlock: { cidr: NODE_LOCAL_DNS } }], ports: dns },
        ...outside.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port }] })),
      ],
    },
  };
}

/** Gives an account the role of a run in the namespace. */
export function roleBinding(user: string): V1RoleBinding {
  return {
    metadata: { name: 'restore-drill' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: SANDBOX_ROLE },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  };
}
