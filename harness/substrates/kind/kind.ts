import { rm } from 'node:fs/promises';
import type { SubstrateContext } from '../../model/substrate.ts';
import type { Toolbox } from '../../tools/toolbox/toolbox.ts';
import { namesResolve } from '../kubernetes/kube/names-resolve.ts';
import { Sandbox, type SandboxOptions } from '../kubernetes/sandbox.ts';
import { SandboxSubstrate } from '../kubernetes/sandbox-substrate.ts';
import { makeWorkFolder, writeOwner } from '../local/work-folder.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import { PortPool } from './cluster/node-ports.ts';
import { type OpenCluster, openCluster } from './open-cluster.ts';
import { sweepMachine } from './sweep-machine.ts';

/** Two servers of a workload, one for S3, and as many again for each restore. */
const PORTS = 16;

export interface KindOptions extends SandboxOptions {
  readonly toolbox: Toolbox;
  /** How many servers may be started, those of restores included. */
  readonly ports?: number;
}

/** A drill in an ephemeral kind cluster, which is made for it and goes with it. */
export class KindSubstrate extends SandboxSubstrate {
  readonly name = 'kind';
  readonly #runId: string;
  readonly #open: OpenCluster;
  #kept = false;

  private constructor(runId: string, workFolder: string, open: OpenCluster, sandbox: Sandbox) {
    super(sandbox, workFolder);
    this.#runId = runId;
    this.#open = open;
  }

  static async open(context: SubstrateContext, options: KindOptions): Promise<KindSubstrate> {
    const { toolbox, images, ports = PORTS } = options;
    const workFolder = await makeWorkFolder(context.runId);
    try {
      const open = await openCluster(context, { toolbox, images, ports, workFolder });
      const { kube, cluster, answers } = open;
      const doors = new PortPool(cluster.ports);
      const place = { kube, doors, workFolder, answers, namesResolve: () => namesResolve(kube) };
      return new KindSubstrate(context.runId, workFolder, open, await Sandbox.open(context, options, place));
    } catch (error) {
      await rm(workFolder, { recursive: true, force: true });
      throw error;
    }
  }

  /** How to reach the cluster, for people and tests. */
  get address(): { readonly name: string; readonly kubeconfig: string } {
    return this.#open.cluster;
  }

  async sweep(): Promise<string[]> {
    return await sweepMachine(this.#open.program);
  }

  async keep(): Promise<readonly string[]> {
    this.#kept = true;
    await writeOwner(this.workFolder, this.#runId, true);
    const { kubeconfig, name } = this.#open.cluster;
    return [
      `kubectl --kubeconfig ${kubeconfig} --namespace ${name} get all,pvc`,
      `npm run drill -- gc --kept ${this.#runId}`,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors = await this.sandbox.disconnect();
    if (!this.#kept) {
      try {
        await deleteCluster(this.#open.program, this.#open.cluster.kubeconfig);
        // Only now: the folder holds the note of who owns the cluster.
        await rm(this.workFolder, { recursive: true, force: true });
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be stopped');
  }
}
