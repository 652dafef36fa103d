import { DrillError } from '../../../../model/error.ts';
import type { KeptSnapshot, OpenedSnapshot, Snapshot, Snapshots } from '../../../../model/snapshots.ts';
import type { Database, Volume } from '../../../../model/target.ts';
import { codeOf, type Kube } from '../kube/kube.ts';
import { waitUntil } from '../kube/wait-until.ts';
import type { ClaimVolume } from '../volume/claim-volume.ts';
import type { Claims } from '../volume/claims.ts';
import { KeptSnapshots } from './kept-snapshots.ts';
import { chooseSnapshotClass, SNAPSHOT_API, type SnapshotClass } from './snapshot-class.ts';
import {
  CONTENTS,
  makeSnapshot,
  readSnapshot,
  SNAPSHOT_KIND,
  SNAPSHOTS,
  type VolumeSnapshot,
} from './snapshot-objects.ts';
import { driverOf } from './storage-class.ts';

const CLASS_BUDGET_MS = 60_000;
const FORBIDDEN = 403;

/** What snapshots need of the namespace that they are taken in. */
export interface SnapshotHost {
  readonly kube: Kube;
  readonly labels: Record<string, string>;
  readonly claims: Claims;
  /** Where volumes come from; the cluster's default class when it is left out. */
  readonly storageClass?: string | undefined;
  /** A name that nothing else in the namespace has. */
  nameFor(name: string): string;
}

/** VolumeSnapshots of claims, by the CSI driver that provides them. */
export class ClaimSnapshots implements Snapshots {
  readonly #host: SnapshotHost;
  readonly #kept: KeptSnapshots;

  constructor(host: SnapshotHost) {
    this.#host = host;
    this.#kept = new KeptSnapshots(host);
  }

  async check(wanted?: string): Promise<void> {
    let missing = new Error('no class was looked for');
    // The API of a new cluster answers before its storage driver has made its class.
    await waitUntil(
      async () => {
        try {
          return chooseSnapshotClass(await this.#classes(), await driverOf(this.#host.kube, undefined), wanted);
        } catch (error) {
          if (!(error instanceof DrillError) || error.code !== 'snapshot-class-missing') throw error;
          missing = error;
          return undefined;
        }
      },
      { budgetMs: CLASS_BUDGET_MS, signal: this.#host.kube.address.signal, late: () => missing },
    );
  }

  async take(source: Volume | Database, wanted?: string): Promise<Snapshot> {
    const { kube, labels, claims, nameFor } = this.#host;
    const { namespace } = kube;
    const { claim } = claims.of(source);
    const found = await kube.ask(() => kube.core.readNamespacedPersistentVolumeClaim({ namespace, name: claim }));
    const driver = await driverOf(kube, found.spec?.storageClassName);
    const chosen = chooseSnapshotClass(await this.#classes(), driver, wanted);
    const name = nameFor(`${claim}-snapshot`);
    const spec = {
      volumeSnapshotClassName: chosen.metadata.name,
      source: { persistentVolumeClaimName: claim },
    };
    const ready = await makeSnapshot(kube, { name, labels, spec, of: claim });
    return {
      id: `${namespace}/${name}/${ready.metadata.uid}`,
      class: chosen.metadata.name,
      driver,
      size: ready.status?.restoreSize ?? '',
    };
  }

  async fill(target: Volume, id: string): Promise<void> {
    await this.#makeFrom(this.#host.claims.of(target), id);
  }

  async open(id: string): Promise<Volume> {
    const volume = this.#host.claims.unused('opened');
    await this.#makeFrom(volume, id);
    return volume;
  }

  async openKept(kept: KeptSnapshot): Promise<OpenedSnapshot> {
    return await this.#kept.open(kept);
  }

  async has(id: string): Promise<boolean> {
    return (await this.#find(id)) !== undefined;
  }

  async remove(id: string): Promise<void> {
    const { kube } = this.#host;
    const { namespace, name } = parse(id);
    await kube.remove(() =>
      kube.custom.deleteNamespacedCustomObject({ ...SNAPSHOT_API, namespace, plural: SNAPSHOTS, name }),
    );
  }

  async #makeFrom(volume: ClaimVolume, id: string): Promise<void> {
    const taken = await this.#find(id);
    if (!taken) throw gone(id);
    const dataSource = { apiGroup: SNAPSHOT_API.group, kind: SNAPSHOT_KIND, name: parse(id).name };
    await volume.make({ dataSource, size: taken.status?.restoreSize });
  }

  /** Only what could be restored from counts: a snapshot whose content has gone still calls itself ready. */
  async #find(id: string): Promise<VolumeSnapshot | undefined> {
    const { namespace, name, uid } = parse(id);
    // A claim can be made only from what lies in its own namespace.
    if (namespace !== this.#host.kube.namespace) return undefined;
    const taken = await readSnapshot(this.#host.kube, namespace, name);
    if (taken?.metadata.uid !== uid || taken.metadata.deletionTimestamp || !taken.status?.readyToUse) return undefined;
    const content = taken.status.boundVolumeSnapshotContentName ?? '';
    return (await this.#hasContent(content)) ? taken : undefined;
  }

  async #hasContent(name: string): Promise<boolean> {
    const { kube } = this.#host;
    try {
      const request = { ...SNAPSHOT_API, plural: CONTENTS, name };
      return (await kube.find(() => kube.custom.getClusterCustomObject(request))) !== undefined;
    } catch (error) {
      // Who may not look outside of the namespace has only the snapshot's own word.
      if (codeOf(error) === FORBIDDEN) return true;
      throw error;
    }
  }

  async #classes(): Promise<SnapshotClass[]> {
    const { kube } = this.#host;
    const request = { ...SNAPSHOT_API, plural: 'volumesnapshotclasses' };
    const found = await kube.find(() => kube.custom.listClusterCustomObject(request));
    if (found) return (found as { items: SnapshotClass[] }).items;
    throw new DrillError({
      code: 'snapshots-missing',
      where: 'snapshots',
      what: `The cluster has no API for snapshots of volumes (${SNAPSHOT_API.group}/${SNAPSHOT_API.version}).`,
      next: 'install the snapshot controller with its definitions and a CSI driver that takes snapshots, or choose another path.',
      blame: 'environment',
    });
  }
}

function parse(id: string): { namespace: string; name: string; uid: string } {
  const [namespace = '', name = '', uid = ''] = id.split('/');
  return { namespace, name, uid };
}

function gone(id: string): DrillError {
  return new DrillError({
    code: 'snapshot-gone',
    where: 'snapshots',
    what: `The snapshot ${id} is not there any more, or what it held is gone.`,
    next: 'see `kubectl get volumesnapshot,volumesnapshotcontent`; a snapshot ends with its namespace.',
    blame: 'backup',
  });
}
