import { DrillError } from '../../../../model/error.ts';
import type { KeptSnapshot } from '../../../../model/snapshots.ts';
import type { VolumeSnapshot } from './snapshot-objects.ts';

/** The snapshot that is meant, and a younger one that would have been, had it been ready. */
export interface ChosenSnapshot {
  readonly snapshot: VolumeSnapshot;
  readonly passedOver?: string;
}

/** The snapshot of that name, or the newest of a claim, which must be ready to be restored from. */
export function chooseKept({ namespace, name, claim }: KeptSnapshot, found: readonly VolumeSnapshot[]): ChosenSnapshot {
  const fitting = found
    .filter(({ metadata, spec }) =>
      name === undefined ? spec?.source?.persistentVolumeClaimName === claim : metadata.name === name,
    )
    .toSorted((a, b) => takenAt(b).localeCompare(takenAt(a)));
  const wanted = name === undefined ? `of the claim ${claim}` : `"${name}"`;
  const [first] = fitting;
  if (!first) {
    const others = [...new Set(found.map(claimOf).filter(Boolean))].join(', ');
    throw new DrillError({
      code: 'snapshot-missing',
      where: 'snapshots',
      what: `There is no VolumeSnapshot ${wanted} in the namespace ${namespace}.`,
      next: `see \`kubectl get volumesnapshot --namespace ${namespace}\`${others && `, where there are some of ${others}`}.`,
      blame: 'usage',
    });
  }
  const ready = fitting.find(isReady);
  if (ready === undefined)
    throw new DrillError({
      code: 'snapshot-not-ready',
      where: 'snapshots',
      what: `The VolumeSnapshot ${wanted} in the namespace ${namespace} cannot be restored from: ${whyNot(first)}.`,
      next: `see \`kubectl describe volumesnapshot --namespace ${namespace}\`; there is no backup in it.`,
      blame: 'backup',
    });
  return ready === first
    ? { snapshot: ready }
    : { snapshot: ready, passedOver: `${whyNot(first)}; it is newer, and nothing can be restored from it` };
}

function isReady({ metadata, status }: VolumeSnapshot): boolean {
  return status?.readyToUse === true && metadata.deletionTimestamp === undefined;
}

function whyNot({ metadata, status }: VolumeSnapshot): string {
  const why =
    metadata.deletionTimestamp === undefined ? (status?.error?.message ?? 'it is not ready') : 'it is being deleted';
  return `${metadata.name}: ${why}`;
}

function claimOf({ spec }: VolumeSnapshot): string {
  return spec?.source?.persistentVolumeClaimName ?? '';
}

/** One that the storage has not taken yet is the newest of all. */
function takenAt({ status }: VolumeSnapshot): string {
  return status?.creationTime ?? '9999';
}
