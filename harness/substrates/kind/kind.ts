import { rm } from 'node:fs/promises';
import type { Resources } from '../../model/resources.ts';
import type { SubstrateContext } from '../../model/substrate.ts';
import type { Toolbox } from '../../tools/toolbox/toolbox.ts';
import { namesResolve } from '../kubernetes/kube/names-resolve.ts';
import { Sandbox, type SandboxOptions } from '../kubernetes/sandbox.ts';
import { SandboxSubstrate } from '../kubernetes/sandbox-substrate.ts';
import { makeWorkFolder, writeOwner } from '../local/work-folder.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import { exportNodeLogs } from './cluster/node-logs.ts';
import { PortPool } from './cluster/node-ports.ts';
import { type OpenCluster, openCluster } from './open-cluster.ts';
import { sweepMachine } from './sweep-machine.ts';

/** Two servers of a workload, one for S3, and as many again for each restore. */
const PORTS = 16;

export interface KindOptions extends SandboxOptions {
  readonly toolbox: Toolbox;
  /** How many servers may be started, those of restores included. */
  readonly ports?: number;
  /** How long a new cluster may take until its node is ready. */
  readonly readyBudgetMs?: number;
}

/** A drill in an ephemeral kind cluster, which is made for it and goes with it. */
export class KindSubstrate extends SandboxSubstrate {
  readonly name = 'kind';
  readonly #context: SubstrateContext;
  readonly #open: OpenCluster;
  #kept = false;

  private constructor(context: SubstrateContext, workFolder: string, open: OpenCluster, sandbox: Sandbox) {
    super(sandbox, workFolder);
    this.#context = context;
    this.#open = open;
  }

  static async open(context: SubstrateContext, options: KindOptions): Promise<KindSubstrate> {
    const { toolbox, images, ports = PORTS, readyBudgetMs } = options;
    const workFolder = await makeWorkFolder(context.runId);
    try {
      const open = await openCluster(context, { toolbox, images, ports, workFolder, readyBudgetMs });
      const { kube, cluster, answers } = open;
      const doors = new PortPool(cluster.ports);
      const clientEnv = { PATH: process.env.PATH ?? '', HOME: workFolder };
      const place = { kube, doors, workFolder, clientEnv, answers, namesResolve: () => namesResolve(kube) };
      return new KindSubstrate(context, workFolder, open, await Sandbox.open(context, options, place));
    } catch (error) {
      await rm(workFolder, { recursive: true, force: true });
      throw error;
    }
  }

  /** How to reach the cluster, for people and tests. */
  get address(): { readonly name: string; readonly kubeconfig: string } {
    return this.#open.cluster;
  }

  async resources(name: string): Promise<Resources> {
    return await this.sandbox.resources(name);
  }

  async sweep(): Promise<string[]> {
    return await sweepMachine(this.#open.program);
  }

  /** A cluster that does not answer any more is asked from below. */
  override async exportLogs(): Promise<readonly string[]> {
    try {
      return await super.exportLogs();
    } catch (error) {
      this.#context.note('cluster-silent', { why: error instanceof Error ? error.message : String(error) });
      return await exportNodeLogs(this.#open.program, this.#context);
    }
  }

  async keep(): Promise<readonly string[]> {
    this.#kept = true;
    await writeOwner(this.workFolder, this.#context.runId, true);
    const { kubeconfig, name } = this.#open.cluster;
    return [
      `kubectl --kubeconfig ${kubeconfig} --namespace ${name} get all,pvc`,
      `npm run drill -- gc --kept ${this.#context.runId}`,
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
