import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import type { Kube } from '../../core/kube/kube.ts';

/** The only context of the account's kubeconfig. */
export const CONTEXT = 'for-drills';
/** The account, its namespace and its policy have one name. */
export const ACCOUNT = 'restore-drill';
/** What the README tells people to apply. */
export const [RBAC, RBAC_SNAPSHOTS] = ['rbac.yaml', 'rbac-snapshots.yaml'].map((file) =>
  join(import.meta.dirname, '..', file),
) as [string, string];

/** kubectl as that kubeconfig lets it; gives what it prints. */
export async function kubectlAs(
  kube: Kube,
  kubeconfig: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const { stdout } = await execa(kube.address.kubectl, ['--kubeconfig', kubeconfig, ...args], {
    ...(input !== undefined && { input }),
  });
  return stdout;
}

/** A kubeconfig for a cluster whose only account has the roles of the README, and those of everybody; they are applied. */
export async function accountConfig(kube: Kube): Promise<string> {
  const admin = (...args: string[]) => kubectlAs(kube, kube.address.kubeconfig, args);
  await admin('apply', '--filename', RBAC);
  const config = parse(await admin('config', 'view', '--raw')) as { clusters: { name: string }[] };
  const token = await admin('create', 'token', ACCOUNT, '--namespace', ACCOUNT, '--duration', '2h');
  const cluster = config.clusters[0]?.name;
  return stringify({
    ...config,
    users: [{ name: ACCOUNT, user: { token } }],
    contexts: [{ name: CONTEXT, context: { cluster, user: ACCOUNT } }],
    'current-context': CONTEXT,
  });
}
