import { RESOURCE_KINDS } from '../../../../model/resources.ts';
import type { RawApi } from './raw-api.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** An account of one namespace, and the namespace whose resources it may see and make. */
export interface Grant {
  readonly account: string;
  readonly of: string;
  readonly to: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Makes an account that may read and create what is exported in one namespace, and do nothing else. */
export async function grant(api: RawApi, { account, of, to, labels }: Grant): Promise<void> {
  const metadata = { name: account, labels };
  await api.post(`/api/v1/namespaces/${of}/serviceaccounts`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
    automountServiceAccountToken: false,
  });
  const rules = RESOURCE_KINDS.map(({ api: path, plural }) => ({
    apiGroups: [path === 'api/v1' ? '' : (path.split('/')[1] ?? '')],
    resources: [plural],
    verbs: ['list', 'create'],
  }));
  const rbac = `/apis/${RBAC}/v1/namespaces/${to}`;
  await api.post(`${rbac}/roles`, { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules });
  await api.post(`${rbac}/rolebindings`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: account },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: of }],
  });
}
