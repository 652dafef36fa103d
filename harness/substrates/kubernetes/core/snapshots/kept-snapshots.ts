import { DrillError } from '../../../../model/error.ts';
import type { KeptSnapshot, OpenedSnapshot } from '../../../../model/snapshots.ts';
import { codeOf } from '../kube/kube.ts';
import { chooseKept } from './choose-kept.ts';
import type { SnapshotHost } from './claim-snapshots.ts';
import { SNAPSHOT_API } from './snapshot-class.ts';
import {
  CONTENTS,
  makeSnapshot,
  readSnapshot,
  SNAPSHOT_KIND,
  SNAPSHOTS,
  type SnapshotContent,
  type VolumeSnapshot,
} from './snapshot-objects.ts';
import { storageClassFor } from './storage-class.ts';

const FORBIDDEN = 403;
const FILESYSTEM = 'Filesystem';

/**
 * VolumeSnapshots of namespaces that are not the run's. A claim can be made only from a snapshot of its own namespace: the
 * run makes one there, with a content that points to the same copy in the storage and, by `Retain`, leaves it when it goes.
 */
export class KeptSnapshots {
  readonly #host: SnapshotHost;
  readonly #opened = new Map<string, Promise<OpenedSnapshot>>();

  constructor(host: SnapshotHost) {
    this.#host = host;
  }

  /** The same volume whenever the same snapshot is asked for. */
  async open(kept: KeptSnapshot): Promise<OpenedSnapshot> {
    const key = JSON.stringify([kept.namespace, kept.name, kept.claim]);
    const opened = this.#opened.get(key) ?? this.#open(kept);
    this.#opened.set(key, opened);
    return await opened;
  }

  async #open(kept: KeptSnapshot): Promise<OpenedSnapshot> {
    const { kube, labels, claims, nameFor } = this.#host;
    const { snapshot, passedOver } = await this.#permitted(kept, async () => await this.#choose(kept));
    const id = `${kept.namespace}/${snapshot.metadata.name}`;
    const content = await this.#permitted(kept, async () => await this.#contentOf(snapshot, id));
    const storageClass = await storageClassFor(kube, content.spec.driver, this.#host.storageClass);
    const name = nameFor('kept');
    const own = `${kube.namespace}-${name}`;
    await this.#permitted(kept, async () => await this.#make(own, name, content));
    const source = { volumeSnapshotContentName: own };
    const made = await makeSnapshot(kube, { name, labels, spec: { source }, of: id });
    const volume = claims.found(name, storageClass);
    const dataSource = { apiGroup: SNAPSHOT_API.group, kind: SNAPSHOT_KIND, name };
    await volume.make({ dataSource, size: snapshot.status?.restoreSize ?? made.status?.restoreSize });
    return {
      volume,
      id,
      takenAt: new Date(snapshot.status?.creationTime ?? '').toISOString(),
      ...(passedOver !== undefined && { passedOver }),
    };
  }

  async #choose(kept: KeptSnapshot): Promise<ReturnType<typeof chooseKept>> {
    const { kube } = this.#host;
    const { namespace, name } = kept;
    if (name !== undefined)
      return chooseKept(
        kept,
        [await readSnapshot(kube, namespace, name)].flatMap((one) => one ?? []),
      );
    const request = { ...SNAPSHOT_API, namespace, plural: SNAPSHOTS };
    const found = await kube.find(() => kube.custom.listNamespacedCustomObject(request));
    return chooseKept(kept, (found as { items: VolumeSnapshot[] } | undefined)?.items ?? []);
  }

  async #contentOf(snapshot: VolumeSnapshot, id: string): Promise<SnapshotContent> {
    const { kube } = this.#host;
    const name = snapshot.status?.boundVolumeSnapshotContentName ?? '';
    const request = { ...SNAPSHOT_API, plural: CONTENTS, name };
    const content = (await kube.find(() => kube.custom.getClusterCustomObject(request))) as SnapshotContent | undefined;
    if (content?.status?.snapshotHandle === undefined)
      throw new DrillError({
        code: 'snapshot-gone',
        where: 'snapshots',
        what: `The snapshot ${id} says that it is ready, and what it held is gone: there is no content ${name}.`,
        next: 'see `kubectl get volumesnapshotcontent`; nothing can be restored from this snapshot.',
        blame: 'backup',
      });
    if ((content.spec.sourceVolumeMode ?? FILESYSTEM) === FILESYSTEM) return content;
    throw new DrillError({
      code: 'snapshot-of-block-device',
      where: 'snapshots',
      what: `The snapshot ${id} is one of a block device, which has no files that could be read.`,
      next: 'name a snapshot of a volume with a file system.',
      blame: 'usage',
    });
  }

  /** The run's own content for the same copy of the storage. */
  async #make(name: string, snapshot: string, { spec, status }: SnapshotContent): Promise<void> {
    const { kube, labels } = this.#host;
    const { driver, sourceVolumeMode = FILESYSTEM } = spec;
    const body = {
      apiVersion: `${SNAPSHOT_API.group}/${SNAPSHOT_API.version}`,
      kind: 'VolumeSnapshotContent',
      metadata: { name, labels },
      spec: {
        driver,
        sourceVolumeMode,
        deletionPolicy: 'Retain',
        source: { snapshotHandle: status?.snapshotHandle },
        volumeSnapshotRef: { name: snapshot, namespace: kube.namespace },
      },
    };
    await kube.make(() => kube.custom.createClusterCustomObject({ ...SNAPSHOT_API, plural: CONTENTS, body }));
  }

  async #permitted<Answer>({ namespace }: KeptSnapshot, work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== FORBIDDEN) throw error;
      throw new DrillError({
        code: 'not-permitted',
        where: 'substrate/cluster',
        what: `The account may not read the VolumeSnapshots of the namespace ${namespace} and what they hold.`,
        next: 'apply harness/substrates/kubernetes/cluster/rbac-snapshots.yaml, which says what that lets it do.',
        blame: 'environment',
        cause: error,
      });
    }
  }
}
