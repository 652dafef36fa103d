import { DrillError } from '../../../../model/error.ts';

/** The API of snapshots, which is not part of Kubernetes itself. */
export const SNAPSHOT_API = { group: 'snapshot.storage.k8s.io', version: 'v1' } as const;

const DEFAULT = 'snapshot.storage.kubernetes.io/is-default-class';

/** A VolumeSnapshotClass, as far as it matters here. */
export interface SnapshotClass {
  readonly driver: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** The class that is asked for, or the one that snapshots of a driver's volumes are taken with. */
export function chooseSnapshotClass(classes: readonly SnapshotClass[], driver: string, wanted?: string): SnapshotClass {
  const names = classes.map(({ metadata }) => metadata.name).join(', ') || 'none';
  if (wanted !== undefined) {
    const named = classes.find(({ metadata }) => metadata.name === wanted);
    if (named) return named;
    throw refused(
      'snapshot-class-unknown',
      `There is no VolumeSnapshotClass "${wanted}" in the cluster.`,
      `name one of those that it has: ${names}.`,
    );
  }
  const fitting = classes.filter((one) => one.driver === driver);
  const chosen =
    fitting.length === 1 ? fitting : fitting.filter(({ metadata }) => metadata.annotations?.[DEFAULT] === 'true');
  const [first] = chosen;
  if (first && chosen.length === 1) return first;
  if (fitting.length > 0)
    throw refused(
      'snapshot-class-unclear',
      `Several VolumeSnapshotClasses take snapshots for ${driver}, and not one of them is the default.`,
      `name one of them with the option \`class\` of the path: ${fitting.map(({ metadata }) => metadata.name).join(', ')}.`,
    );
  throw new DrillError({
    code: 'snapshot-class-missing',
    where: 'snapshots',
    what: `No VolumeSnapshotClass takes snapshots of the volumes that ${driver} provides.`,
    next: `make one for that driver, or give the volumes a storage class whose driver has one (classes here: ${names}).`,
    blame: 'environment',
  });
}

function refused(code: string, what: string, next: string): DrillError {
  return new DrillError({ code, where: 'snapshots', what, next, blame: 'usage' });
}
