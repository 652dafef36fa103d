import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Address } from '../../../machine/object-store/s3-client.ts';
import { expiresAt } from '../../../machine/work-folders/expires-at.ts';
import type { Reach } from '../../../model/cluster.ts';
import { DrillError } from '../../../model/error.ts';
import type { SubstrateContext } from '../../../model/substrate.ts';
import { imageOf } from '../core/images.ts';
import { namesResolve } from '../core/kube/names-resolve.ts';
import { Sandbox } from '../core/sandbox.ts';
import type { SandboxSite } from '../core/sandbox-site.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import { PORTS_OF_RUN } from './cluster/node-ports.ts';
import type { KindOptions } from './kind.ts';
import { newNamespace, type OpenCluster, openCluster } from './open-cluster.ts';
import { startStore } from './outside/store-container.ts';
import type { Guest } from './shared-cluster.ts';

const VAULT = 'vault';
/** Where a node finds the vault of this machine. */
const VAULT_ON_NODE = '/restore-drill-vault';
const SOURCE_ON_NODE = '/restore-drill-source';

/** Where a run takes place: a namespace of a cluster, and the next one when a disaster has taken one or the other. */
export class SandboxSites {
  readonly #context: SubstrateContext;
  readonly #options: KindOptions;
  readonly #workFolder: string;
  /** Those that are the run's own. */
  readonly #clusters: OpenCluster[] = [];
  readonly #guest: Guest | undefined;
  #open: OpenCluster;
  #store: ReturnType<typeof startStore> | undefined;
  #taken: Reach | undefined;
  #count = 1;

  private constructor(
    context: SubstrateContext,
    options: KindOptions,
    workFolder: string,
    place: { readonly own: OpenCluster } | Guest,
  ) {
    this.#context = context;
    this.#options = options;
    this.#workFolder = workFolder;
    this.#guest = 'own' in place ? undefined : place;
    this.#open = 'own' in place ? place.own : place.open;
    if ('own' in place) this.#clusters.push(place.own);
  }

  static async open(context: SubstrateContext, options: KindOptions, workFolder: string): Promise<SandboxSites> {
    const { shared } = options;
    // A disaster that takes the cluster must not take that of other runs.
    const isGuest = shared && context.outlive !== 'cluster';
    const place = isGuest ? await shared.enter(context) : { own: await makeCluster(context, options, workFolder, 1) };
    return new SandboxSites(context, options, workFolder, place);
  }

  /** The cluster, with the namespace in it, that the run is in now. */
  get current(): OpenCluster {
    return this.#open;
  }

  /** Opens the namespace that the run is in now for its work. */
  async openSandbox(): Promise<Sandbox> {
    const { kube, forwards, answers } = this.#open;
    const workFolder = this.#workFolder;
    const place: SandboxSite = {
      ...{ kube, forwards, answers, workFolder, namesResolve: () => namesResolve(kube) },
      foldersOnNode: new Map(
        sourceMounts(this.#context).map(({ hostPath, containerPath }) => [hostPath, containerPath]),
      ),
      clientEnv: { PATH: process.env.PATH ?? '', HOME: workFolder },
      ...(this.#context.outlive && {
        s3: async (server, version) => await this.#startStore(server, version),
        vaultOnNode: this.#guest?.vaultOnNode ?? VAULT_ON_NODE,
      }),
    };
    return await Sandbox.open(this.#context, this.#options, place);
  }

  /** Whatever still asks for what is taken gets an error at once. */
  markLost(taken: Reach): void {
    this.#taken = taken;
    this.#open.end(
      new DrillError({
        code: 'place-taken',
        where: 'substrate/kind',
        what: `The disaster has taken the ${taken} that this was in.`,
        next: 'ask for what was restored instead; this is a fault of the harness.',
        blame: 'harness',
      }),
    );
  }

  /** Makes anew what was taken; gives the name of the place that the run is in from then on. */
  async recreate(): Promise<string> {
    const taken = this.#taken;
    if (taken) {
      this.#count += 1;
      this.#taken = undefined;
      if (taken === 'namespace') this.#open = await newNamespace(this.#context, this.#open, this.#count);
      else {
        this.#open = await makeCluster(this.#context, this.#options, this.#workFolder, this.#count);
        this.#clusters.push(this.#open);
      }
    }
    const { program, kube } = this.#open;
    return `cluster ${program.cluster}, namespace ${kube.namespace}`;
  }

  /** Removes store and clusters, also those that a disaster has taken already; gives the errors on the way. */
  async remove(): Promise<unknown[]> {
    const ended = await Promise.allSettled([this.#store?.then((store) => store.stop()), this.#guest?.leave()]);
    // The store first, which would hold the network of the clusters.
    for (const { program, cluster } of this.#clusters)
      ended.push(...(await Promise.allSettled([deleteCluster(program, cluster.kubeconfig)])));
    return ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  }

  async #startStore(server: Parameters<NonNullable<SandboxSite['s3']>>[0], version: string): Promise<S3Address> {
    const { runId, signal, secret } = this.#context;
    const { docker, network } = this.#open.program;
    this.#store ??= startStore({
      ...{ docker, network, runId, signal, server, version, workFolder: this.#workFolder, expiresAt: expiresAt() },
      image: imageOf(this.#options.images, server),
      accessKey: secret('s3-access-key'),
      secretKey: secret('s3-secret-key'),
    });
    return await this.#store;
  }
}

async function makeCluster(
  context: SubstrateContext,
  { toolbox, images, moreImages = [], ports = PORTS_OF_RUN, readyBudgetMs }: KindOptions,
  workFolder: string,
  nth: number,
): Promise<OpenCluster> {
  const vault = join(workFolder, VAULT);
  if (context.outlive) await mkdir(vault, { recursive: true });
  const vaults = context.outlive ? [{ hostPath: vault, containerPath: VAULT_ON_NODE }] : [];
  const mounts = [...vaults, ...sourceMounts(context)];
  return await openCluster(context, { toolbox, images, moreImages, ports, workFolder, nth, mounts, readyBudgetMs });
}

/** Folders of this machine that jobs read. One that is not there is left out: Docker would make it. */
function sourceMounts({ reads = [] }: SubstrateContext) {
  return [...new Set(reads)]
    .map((path, i) => ({ hostPath: path, containerPath: `${SOURCE_ON_NODE}-${i}`, readOnly: true }))
    .filter(({ hostPath }) => existsSync(hostPath));
}
