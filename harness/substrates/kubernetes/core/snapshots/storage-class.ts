import { DrillError } from '../../../../model/error.ts';
import type { Kube } from '../kube/kube.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** The driver behind a storage class, or behind the cluster's default one. */
export async function driverOf(kube: Kube, name: string | undefined): Promise<string> {
  const { items } = await kube.ask(() => kube.storage.listStorageClass());
  const found = items.find(({ metadata }) =>
    name === undefined ? metadata?.annotations?.[DEFAULT_CLASS] === 'true' : metadata?.name === name,
  );
  if (found) return found.provisioner;
  throw missing(
    name === undefined ? 'The cluster has no default StorageClass.' : `There is no StorageClass "${name}".`,
    'see `kubectl get storageclass`, and mark the one that volumes should come from as the default.',
  );
}

/** A storage class whose driver is that one: `wanted`, the cluster's default or any other, the first that fits. */
export async function storageClassFor(kube: Kube, driver: string, wanted: string | undefined): Promise<string> {
  const { items } = await kube.ask(() => kube.storage.listStorageClass());
  const fitting = items.filter(({ provisioner }) => provisioner === driver);
  const chosen =
    fitting.find(({ metadata }) => metadata?.name === wanted) ??
    fitting.find(({ metadata }) => metadata?.annotations?.[DEFAULT_CLASS] === 'true') ??
    fitting[0];
  if (chosen?.metadata?.name !== undefined) return chosen.metadata.name;
  throw missing(
    `No StorageClass makes volumes with ${driver}, which keeps the snapshot.`,
    'see `kubectl get storageclass`; a volume can be made from a snapshot only by the driver that took it.',
  );
}

function missing(what: string, next: string): DrillError {
  return new DrillError({ code: 'storage-class-missing', where: 'snapshots', what, next, blame: 'environment' });
}
