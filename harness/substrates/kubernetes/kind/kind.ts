import { guardian } from '../../../machine/guardian/guardian.ts';
import type { Toolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import { makeWorkFolder, removeWorkFolder, writeOwner } from '../../../machine/work-folders/work-folder.ts';
import type { Cluster } from '../../../model/cluster.ts';
import type { Resources } from '../../../model/resources.ts';
import { shellWord } from '../../../model/shell-word.ts';
import type { SubstrateContext, Swept } from '../../../model/substrate.ts';
import type { Sandbox, SandboxOptions } from '../core/sandbox.ts';
import { SandboxSubstrate } from '../core/sandbox-substrate.ts';
import { exportNodeLogs } from './cluster/node-logs.ts';
import { SandboxSites } from './sandbox-sites.ts';
import type { SharedCluster } from './shared-cluster.ts';
import { StruckCluster } from './struck-cluster.ts';
import { sweepMachine } from './sweep-machine.ts';

export interface KindOptions extends SandboxOptions {
  readonly toolbox: Toolbox;
  /** How many servers may be started, those of restores included. */
  readonly ports?: number;
  /** Images beside those of the image map to be copied into the node. */
  readonly moreImages?: readonly string[];
  /** How long a new cluster may take until its node is ready. */
  readonly readyBudgetMs?: number;
  /** The cluster to be a guest of, instead of making one. */
  readonly shared?: SharedCluster;
}

/**
 * A drill in an ephemeral kind cluster, which is made for it and goes with it unless a disaster takes it before; or in
 * namespaces of one that several drills share.
 */
export class KindSubstrate extends SandboxSubstrate {
  readonly name = 'kind';
  readonly cluster: Cluster;
  readonly #context: SubstrateContext;
  readonly #places: SandboxSites;
  #kept = false;

  private constructor(context: SubstrateContext, workFolder: string, places: SandboxSites, sandbox: Sandbox) {
    super(sandbox, workFolder);
    this.#context = context;
    this.#places = places;
    this.cluster = new StruckCluster({
      current: () => ({ open: places.current, sandbox: this.sandbox }),
      markLost: async (taken) => {
        await this.sandbox.disconnect();
        places.markLost(taken);
      },
      recreate: async () => await this.#recreate(),
    });
  }

  static async open(context: SubstrateContext, options: KindOptions): Promise<KindSubstrate> {
    const workFolder = await makeWorkFolder(context.runId);
    try {
      await guardian.ready();
      const places = await SandboxSites.open(context, options, workFolder);
      try {
        return new KindSubstrate(context, workFolder, places, await places.openSandbox());
      } catch (error) {
        // What happened counts; what cannot be removed now, `drill gc` finds.
        await places.remove();
        throw error;
      }
    } catch (error) {
      await removeWorkFolder(workFolder);
      throw error;
    }
  }

  /** How to reach the cluster, for people and tests. */
  get address(): { readonly name: string; readonly kubeconfig: string } {
    return this.#places.current.cluster;
  }

  async resources(name: string): Promise<Resources> {
    return await this.sandbox.resources(name);
  }

  async sweep(): Promise<Swept> {
    return await sweepMachine(this.#places.current.program);
  }

  /** A cluster that does not answer any more is asked from below. */
  override async exportLogs(): Promise<readonly string[]> {
    try {
      return await super.exportLogs();
    } catch (error) {
      this.#context.note('cluster-silent', { why: error instanceof Error ? error.message : String(error) });
      return await exportNodeLogs(this.#places.current.program, this.#context);
    }
  }

  async keep(): Promise<readonly string[]> {
    this.#kept = true;
    await writeOwner(this.workFolder, this.#context.runId, true);
    const { cluster, kube } = this.#places.current;
    return [
      `kubectl --kubeconfig ${shellWord(cluster.kubeconfig)} --namespace ${kube.namespace} get all,pvc`,
      `npm run drill -- gc --kept ${this.#context.runId}`,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors = await this.sandbox.disconnect();
    if (!this.#kept) {
      await this.sandbox.removeOutside().catch((error: unknown) => errors.push(error));
      errors.push(...(await this.#places.remove()));
      // Only now, and not while a cluster is left: the folder holds the note of who owns it.
      if (errors.length === 0) await removeWorkFolder(this.workFolder);
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be stopped');
  }

  async #recreate(): Promise<string> {
    const before = this.#places.current;
    const place = await this.#places.recreate();
    if (this.#places.current !== before) this.sandbox = await this.#places.openSandbox();
    return place;
  }
}
