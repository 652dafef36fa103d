import { DrillError } from '../../../../model/error.ts';
import type { Kube } from './kube.ts';
import { waitUntil } from './wait-until.ts';

const BUDGET_MS = 180_000;
const SYSTEM = 'kube-system';
const DNS = 'k8s-app=kube-dns';

/** Waits until servers can be found by their names: a node counts as ready some time before its DNS is. */
export async function namesResolve(kube: Kube): Promise<void> {
  await waitUntil(
    async () => {
      const { items } = await kube.ask(() => kube.core.listNamespacedPod({ namespace: SYSTEM, labelSelector: DNS }));
      const ready = items.some(({ status }) =>
        status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
      );
      return ready ? true : undefined;
    },
    {
      budgetMs: BUDGET_MS,
      signal: kube.address.signal,
      late: () =>
        new DrillError({
          code: 'cluster-not-ready',
          where: 'substrate/kubernetes',
          what: `The cluster's DNS was not ready within ${BUDGET_MS / 1000} s, so no job would find its servers.`,
          next: 'see with `kubectl --namespace kube-system get pods` what it waits for.',
          blame: 'environment',
        }),
    },
  );
}
