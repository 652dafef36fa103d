import { RUN_LABEL } from '../../../../machine/docker/containers.ts';
import { codeOf, type Kube } from '../kube/kube.ts';
import { SNAPSHOT_API } from './snapshot-class.ts';
import { CONTENTS, type SnapshotContent } from './snapshot-objects.ts';

const FORBIDDEN = 403;

/** The contents of snapshots that runs have made for a namespace. Whoever may not look has made none. */
export async function contentsFor(kube: Kube, namespace: string): Promise<string[]> {
  const request = { ...SNAPSHOT_API, plural: CONTENTS, labelSelector: RUN_LABEL };
  try {
    const found = await kube.find(() => kube.custom.listClusterCustomObject(request));
    const { items = [] } = (found ?? {}) as { items?: SnapshotContent[] };
    return items
      .filter(({ spec }) => spec.volumeSnapshotRef.namespace === namespace)
      .map(({ metadata }) => metadata.name);
  } catch (error) {
    if (codeOf(error) === FORBIDDEN) return [];
    throw error;
  }
}

/** Deletes them; they go with the snapshots of the namespace, and what the storage keeps stays. */
export async function releaseContents(kube: Kube, namespace: string): Promise<void> {
  for (const name of await contentsFor(kube, namespace)) {
    const request = { ...SNAPSHOT_API, plural: CONTENTS, name };
    await kube.remove(() => kube.custom.deleteClusterCustomObject(request));
  }
}
