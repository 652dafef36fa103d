import { RUN_LABEL } from '../../../machine/docker/containers.ts';
import { nameOfRun } from '../../../machine/docker/run-name.ts';
import { guardian } from '../../../machine/guardian/guardian.ts';
import { makeWorkFolder, removeWorkFolder } from '../../../machine/work-folders/work-folder.ts';
import type { SubstrateContext } from '../../../model/substrate.ts';
import { Kube } from '../core/kube/kube.ts';
import { labelsOf } from '../core/kube/labels.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import { PORTS_OF_RUN, type PortPair, PortPool } from './cluster/node-ports.ts';
import { type ClusterOptions, newNamespace, type OpenCluster, openCluster } from './open-cluster.ts';

const LEAVE_BUDGET_MS = 120_000;
/** Where the node keeps what runs keep apart: it goes with the cluster, and with no namespace. */
const VAULTS = '/restore-drill-vaults';

/** A run in a cluster that it shares with others. */
export interface Guest {
  readonly open: OpenCluster;
  /** The folder of the node for a vault, where that must outlive the namespace. */
  readonly vaultOnNode: string;
  /** Deletes everything that the run has made in the cluster. */
  leave(): Promise<void>;
}

/** A cluster that runs share, each in namespaces of its own, so that none of them waits until one is made. */
export class SharedCluster implements AsyncDisposable {
  readonly #open: OpenCluster;
  readonly #workFolder: string;
  readonly #freePorts: PortPair[];

  private constructor(open: OpenCluster, workFolder: string) {
    this.#open = open;
    this.#workFolder = workFolder;
    this.#freePorts = [...open.cluster.ports];
  }

  /** Makes the cluster, for so many runs at a time. */
  static async open(
    context: SubstrateContext,
    options: Pick<ClusterOptions, 'toolbox' | 'images' | 'readyBudgetMs'>,
    atOnce: number,
  ): Promise<SharedCluster> {
    const workFolder = await makeWorkFolder(context.runId);
    try {
      await guardian.ready();
      const { toolbox, images, readyBudgetMs } = options;
      const ports = atOnce * PORTS_OF_RUN;
      const open = await openCluster(context, {
        toolbox,
        images,
        readyBudgetMs,
        ports,
        workFolder,
        nth: 1,
        mounts: [],
      });
      return new SharedCluster(open, workFolder);
    } catch (error) {
      await removeWorkFolder(workFolder);
      throw error;
    }
  }

  /** Makes a namespace for a run, which has some ports for itself until it leaves. */
  async enter(context: SubstrateContext): Promise<Guest> {
    const ports = this.#freePorts.splice(0, PORTS_OF_RUN);
    const vaultOnNode = `${VAULTS}/${nameOfRun(context.runId)}`;
    const leave = async () => {
      await this.#clear(context.runId);
      this.#freePorts.push(...ports);
    };
    try {
      if (context.outlive) await this.#makeFolder(vaultOnNode);
      const open = await newNamespace(context, this.#open, 1);
      return { open: { ...open, forwards: new PortPool(ports) }, vaultOnNode, leave };
    } catch (error) {
      // What happened counts; what cannot be removed now goes with the cluster.
      await leave().catch(() => {});
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await deleteCluster(this.#open.program, this.#open.cluster.kubeconfig);
    // Only now: the folder holds the note of who owns the cluster.
    await removeWorkFolder(this.#workFolder);
  }

  async #makeFolder(path: string): Promise<void> {
    const { docker, cluster } = this.#open.program;
    const made = await docker.run(['exec', `${cluster}-control-plane`, 'mkdir', '--parents', path]);
    if (!made.ok) throw new Error(`the node could not make the folder ${path}: ${made.tail}`);
  }

  /** Deletes the namespaces of a run; the cluster goes on clearing them while the next run begins. */
  async #clear(runId: string): Promise<void> {
    // With its own time: that of the run may have ended with a Ctrl-C.
    const kube = new Kube({ ...this.#open.kube.address, signal: AbortSignal.timeout(LEAVE_BUDGET_MS) });
    const { core } = kube;
    const labelSelector = `${RUN_LABEL}=${labelsOf(runId, 'volume')[RUN_LABEL]}`;
    const { items } = await kube.ask(() => core.listNamespace({ labelSelector }));
    for (const { metadata } of items) {
      const namespace = metadata?.name ?? '';
      // At once: the next run gets their ports.
      await kube.remove(() => core.deleteCollectionNamespacedService({ namespace }));
      await kube.remove(() => core.deleteNamespace({ name: namespace }));
    }
    await kube.remove(() => core.deleteCollectionPersistentVolume({ labelSelector }));
  }
}
