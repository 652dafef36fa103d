import { AuthorizationV1Api } from '@kubernetes/client-node';
import pMap from 'p-map';
import { DrillError } from '../../../model/error.ts';
import type { Kube } from '../core/kube/kube.ts';

const AT_ONCE = 8;

/** Something that the account of the kubeconfig must be able to do. */
export interface Permission {
  readonly verb: string;
  readonly group?: string;
  /** With its subresource: `pods/exec`. */
  readonly resource: string;
}

/** What is needed in the whole cluster. */
export const EVERYWHERE: readonly Permission[] = ['create', 'get', 'list', 'delete'].map((verb) => ({
  verb,
  resource: 'namespaces',
}));

/** What is needed in the namespace of a run. */
export const IN_NAMESPACE: readonly Permission[] = [
  ...verbs('pods', 'create', 'get', 'list', 'delete'),
  ...verbs('persistentvolumeclaims', 'create', 'get', 'list', 'delete'),
  ...verbs('pods/exec', 'create'),
  ...verbs('pods/portforward', 'create'),
  ...verbs('pods/log', 'get'),
  ...verbs('serviceaccounts', 'get'),
  ...verbs('events', 'list'),
  ...verbs('services', 'create', 'delete'),
  ...verbs('secrets', 'create', 'delete'),
  ...verbs('resourcequotas', 'create'),
  ...verbs('namespaces', 'patch'),
  ...verbs('networkpolicies', 'create').map((one) => ({ ...one, group: 'networking.k8s.io' })),
  ...verbs('statefulsets', 'create', 'delete').map((one) => ({ ...one, group: 'apps' })),
  ...verbs('deployments', 'create').map((one) => ({ ...one, group: 'apps' })),
  ...verbs('jobs', 'create', 'delete').map((one) => ({ ...one, group: 'batch' })),
];

/** Those of them that the account of the kubeconfig does not have; in the whole cluster when no namespace is named. */
export async function lacking(kube: Kube, wanted: readonly Permission[], namespace?: string): Promise<Permission[]> {
  const api = kube.config.makeApiClient(AuthorizationV1Api);
  const allowed = await pMap(
    wanted,
    async ({ verb, group = '', resource }) => {
      const [name, subresource] = resource.split('/');
      const resourceAttributes = {
        ...{ verb, group, resource: name ?? '' },
        ...(subresource && { subresource }),
        ...(namespace && { namespace }),
      };
      const body = { spec: { resourceAttributes } };
      const { status } = await kube.ask(() => api.createSelfSubjectAccessReview({ body }));
      return status?.allowed === true;
    },
    { concurrency: AT_ONCE },
  );
  return wanted.filter((_, i) => !allowed[i]);
}

/** The error that names everything that the account may not do. */
export function notPermitted(context: string, missing: readonly Permission[]): DrillError {
  const each = missing.map(({ verb, resource }) => `${verb} ${resource}`);
  return new DrillError({
    code: 'not-permitted',
    where: 'substrate/cluster',
    what: `The account of the context "${context}" may not: ${each.join(', ')}.`,
    next: 'give it the roles in harness/substrates/kubernetes/cluster/rbac.yaml.',
    blame: 'environment',
  });
}

function verbs(resource: string, ...all: string[]): Permission[] {
  return all.map((verb) => ({ verb, resource }));
}
