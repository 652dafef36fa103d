import { nameOfRun } from '../../../machine/docker/run-name.ts';
import { RUN_VARIABLE } from '../../../machine/processes/process-table.ts';
import type { Toolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import { makeWorkFolder, removeWorkFolder, writeOwner } from '../../../machine/work-folders/work-folder.ts';
import { shellWord } from '../../../model/shell-word.ts';
import type { HostFacts, SubstrateContext, Swept } from '../../../model/substrate.ts';
import { standardOf } from '../core/kube/confined.ts';
import { Kube } from '../core/kube/kube.ts';
import { anywhere } from '../core/kube/walls.ts';
import { Sandbox, type SandboxOptions } from '../core/sandbox.ts';
import { SandboxSubstrate } from '../core/sandbox-substrate.ts';
import { requireAllowedContext } from './allowed-context.ts';
import { removeNamespace, sweepNamespaces } from './leftover-namespaces.ts';
import { openNamespace } from './open-namespace.ts';
import { outsideOf } from './outside-of.ts';
import { KubectlPortForwards } from './port-forward.ts';
import { renewExpiry } from './renew-expiry.ts';
import { MOST_STORAGE_GIB } from './sandbox-namespace.ts';
import { chooseContext, type UserContext, userEnvironment } from './user-context.ts';

const GIB = 1024 ** 3;
const DISPOSE_BUDGET_MS = 240_000;

export interface ClusterOptions extends SandboxOptions, UserContext {
  readonly toolbox: Toolbox;
  /** The context that the user allows drills in; otherwise a label in the cluster must do so. */
  readonly allowContext?: string;
  /** The user allows an account that nothing keeps to namespaces of drills. */
  readonly allowUnconfinedRole?: boolean;
}

/** A drill in a namespace of its own of a cluster that is there already. Nothing outside of it is touched. */
export class ClusterSubstrate extends SandboxSubstrate {
  readonly name = 'cluster';
  readonly #runId: string;
  readonly #kube: Kube;
  readonly #forwards: KubectlPortForwards;
  readonly #renewal: Disposable;
  #kept = false;

  private constructor(runId: string, workFolder: string, sandbox: Sandbox, forwards: KubectlPortForwards) {
    super(sandbox, workFolder);
    this.#runId = runId;
    this.#kube = sandbox.kube;
    this.#forwards = forwards;
    this.#renewal = renewExpiry(this.#kube);
  }

  static async open(context: SubstrateContext, options: ClusterOptions): Promise<ClusterSubstrate> {
    const { runId, signal } = context;
    const kubectl = (await options.toolbox.provide('kubectl')).location;
    const workFolder = await makeWorkFolder(runId);
    try {
      const chosen = await chooseContext(kubectl, options, workFolder);
      const namespace = nameOfRun(runId);
      const kube = new Kube({ kubeconfig: chosen.kubeconfig, namespace, kubectl, signal });
      await requireAllowedContext(kube, chosen.context, options.allowContext);
      const outside = [...(await outsideOf(options.s3)), ...anywhere(context.readsOver)];
      const allowUnconfined = options.allowUnconfinedRole ?? false;
      const walls = { outside, untrusted: context.untrusted };
      await openNamespace(kube, {
        context: chosen.context,
        runId,
        standard: standardOf(context),
        walls,
        allowUnconfined,
      });
      context.note('namespace', { context: chosen.context, namespace });
      try {
        const clientEnv = { ...userEnvironment(), [RUN_VARIABLE]: runId };
        const forwards = new KubectlPortForwards({ address: kube.address, env: clientEnv, cwd: workFolder });
        // A cluster that is there already has its names.
        const place = { kube, forwards, workFolder, clientEnv, namesResolve: async () => {} };
        return new ClusterSubstrate(runId, workFolder, await Sandbox.open(context, options, place), forwards);
      } catch (error) {
        await removeNamespace(kube, namespace).catch(() => {});
        throw error;
      }
    } catch (error) {
      await removeWorkFolder(workFolder);
      throw error;
    }
  }

  /** Where it runs, for people and tests. */
  get namespace(): string {
    return this.#kube.namespace;
  }

  /** The disk that counts is not that of this machine, but what the namespace may take. */
  override async facts(): Promise<HostFacts> {
    return { ...(await super.facts()), freeDiskBytes: MOST_STORAGE_GIB * GIB };
  }

  async sweep(): Promise<Swept> {
    return await sweepNamespaces(this.#kube);
  }

  async keep(): Promise<readonly string[]> {
    this.#kept = true;
    await writeOwner(this.workFolder, this.#runId, true);
    const { kubeconfig } = this.#kube.address;
    return [
      `kubectl --kubeconfig ${shellWord(kubeconfig)} --namespace ${this.namespace} get all,pvc`,
      `npm run drill -- gc --on cluster --kubeconfig ${shellWord(kubeconfig)} --kept ${this.#runId}`,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#renewal[Symbol.dispose]();
    const errors = await this.sandbox.disconnect();
    await this.#forwards[Symbol.asyncDispose]();
    if (!this.#kept) {
      await this.sandbox.removeOutside().catch((error: unknown) => errors.push(error));
      try {
        // With its own time: that of the run may have ended with a Ctrl-C.
        const kube = new Kube({ ...this.#kube.address, signal: AbortSignal.timeout(DISPOSE_BUDGET_MS) });
        await removeNamespace(kube, this.namespace);
        await removeWorkFolder(this.workFolder);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be stopped');
  }
}
