import { DrillError } from '../../../../model/error.ts';
import type { Kube } from '../kube/kube.ts';
import { waitUntil } from '../kube/wait-until.ts';
import { SNAPSHOT_API } from './snapshot-class.ts';

const READY_BUDGET_MS = 5 * 60_000;

/** The plural names of the API's objects. */
export const SNAPSHOTS = 'volumesnapshots';
export const CONTENTS = 'volumesnapshotcontents';

/** The kind of those in a namespace. */
export const SNAPSHOT_KIND = 'VolumeSnapshot';

/** A VolumeSnapshot, as far as it matters here. */
export interface VolumeSnapshot {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec?: { readonly source?: { readonly persistentVolumeClaimName?: string } };
  readonly status?: {
    readonly readyToUse?: boolean;
    readonly creationTime?: string;
    readonly restoreSize?: string;
    readonly boundVolumeSnapshotContentName?: string;
    readonly error?: { readonly message?: string };
  };
}

/** A VolumeSnapshotContent, as far as it matters here: what the storage keeps. */
export interface SnapshotContent {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly driver: string;
    readonly sourceVolumeMode?: string;
    readonly volumeSnapshotRef: { readonly namespace?: string };
  };
  readonly status?: { readonly snapshotHandle?: string };
}

/** The snapshot of that name, or undefined when there is none. */
export async function readSnapshot(kube: Kube, namespace: string, name: string): Promise<VolumeSnapshot | undefined> {
  const request = { ...SNAPSHOT_API, namespace, plural: SNAPSHOTS, name };
  return (await kube.find(() => kube.custom.getNamespacedCustomObject(request))) as VolumeSnapshot | undefined;
}

/** Makes a snapshot in the namespace of the run, and waits until a claim can be made from it. */
export async function makeSnapshot(
  kube: Kube,
  { name, labels, spec, of }: { name: string; labels: Record<string, string>; spec: object; of: string },
): Promise<VolumeSnapshot> {
  const { namespace } = kube;
  const body = {
    apiVersion: `${SNAPSHOT_API.group}/${SNAPSHOT_API.version}`,
    kind: SNAPSHOT_KIND,
    metadata: { name, labels },
    spec,
  };
  const request = { ...SNAPSHOT_API, namespace, plural: SNAPSHOTS, body };
  await kube.make(() => kube.custom.createNamespacedCustomObject(request));
  let said = 'it says nothing';
  return await waitUntil(
    async () => {
      const made = await readSnapshot(kube, namespace, name);
      said = made?.status?.error?.message ?? said;
      return made?.status?.readyToUse ? made : undefined;
    },
    { budgetMs: READY_BUDGET_MS, signal: kube.address.signal, late: () => notReady(of, said) },
  );
}

function notReady(of: string, said: string): DrillError {
  return new DrillError({
    code: 'snapshot-not-ready',
    where: 'snapshots',
    what: `The snapshot of ${of} was not ready within ${READY_BUDGET_MS / 1000} s: ${said}.`,
    next: 'see the events of the snapshot and what the CSI driver says.',
    blame: 'environment',
  });
}
