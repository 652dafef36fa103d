import { hash } from 'node:crypto';
import { DrillError } from '../../../../model/error.ts';
import { compareBytes, type ResourceObject } from '../../../../model/manifest.ts';
import { type Manifest, RESOURCE_KINDS, type Resources } from '../../../../model/resources.ts';
import { STANDARD_LABEL } from '../kube/confined.ts';
import type { Kube } from '../kube/kube.ts';
import { labelsOf } from '../kube/labels.ts';
import { waitUntil } from '../kube/wait-until.ts';
import { grant } from './grant.ts';
import { RawApi } from './raw-api.ts';

const GONE_BUDGET_MS = 120_000;
const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** It holds what was sent, the values of Secrets among it, in plain. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What is made again is compared, and never run; nor does it open a door of the node, or rent one. */
const NOTHING_RUNS = {
  metadata: { name: 'restore-drill' },
  spec: { hard: { pods: '0', 'services.nodeports': '0', 'services.loadbalancers': '0' } },
};

/** What is needed to make a namespace beside its name. */
export interface NamespaceHost {
  readonly runId: string;
  /** The cluster, and the namespace in which jobs run. */
  readonly kube: Kube;
  /** The environment of clients on this machine. */
  readonly clientEnv: Readonly<Record<string, string>>;
}

/** A resource as the API lists it. */
interface Listed {
  readonly metadata: {
    readonly name: string;
    readonly ownerReferences?: unknown;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** Lists leave out of each resource what it is. */
type Found = Listed & { readonly apiVersion: string; readonly kind: string };

/** The resources of a namespace that a run has made, and an account for the jobs that export or make them. */
export class NamespaceResources implements Resources {
  readonly kind = 'kubernetes';
  readonly name: string;
  readonly namespace: string;
  readonly identity: string;
  readonly version: string;
  readonly server = 'https://kubernetes.default.svc';
  readonly caFile = `${ACCOUNT_FOLDER}/ca.crt`;
  readonly tokenFile = `${ACCOUNT_FOLDER}/token`;
  /** The account of jobs that use it, in the namespace where they run. */
  readonly account: string;
  readonly #uid: string;
  readonly #kube: Kube;
  readonly #api: RawApi;

  private constructor(name: string, namespace: string, uid: string, version: string, kube: Kube, api: RawApi) {
    this.name = name;
    this.namespace = namespace;
    this.account = namespace;
    this.identity = `namespace ${namespace} (uid ${uid})`;
    this.version = version;
    this.#uid = uid;
    this.#kube = kube;
    this.#api = api;
  }

  static async create(
    name: string,
    namespace: string,
    { kube, runId, clientEnv }: NamespaceHost,
  ): Promise<NamespaceResources> {
    const api = new RawApi(kube.address, clientEnv);
    const labels = { ...labelsOf(runId, 'volume'), [STANDARD_LABEL]: 'restricted' };
    await kube.make(() => kube.core.createNamespace({ body: { metadata: { name: namespace, labels } } }));
    await kube.make(() => kube.core.createNamespacedResourceQuota({ namespace, body: NOTHING_RUNS }));
    await grant(api, { account: namespace, of: kube.namespace, to: namespace, labels });
    const made = await kube.ask(() => kube.core.readNamespace({ name: namespace }));
    const { gitVersion } = await api.get<{ gitVersion: string }>('/version');
    return new NamespaceResources(name, namespace, made.metadata?.uid ?? '', gitVersion, kube, api);
  }

  async *list(): AsyncIterable<ResourceObject> {
    const all = (await this.#all()).map((one) => ({ id: `${one.kind} ${one.metadata.name}`, manifest: sealed(one) }));
    yield* all.sort((a, b) => compareBytes(a.id, b.id));
  }

  async create(manifests: readonly Manifest[]): Promise<void> {
    for (const manifest of manifests) {
      const found = RESOURCE_KINDS.find(({ kind }) => kind === manifest.kind);
      if (!found) throw new Error(`a ${manifest.kind} is no resource that is compared`);
      await this.#api.post(this.#pathOf(found), manifest);
    }
  }

  async secretValues(): Promise<{ name: string; value: string }[]> {
    const secrets = (await this.#all()).filter(({ kind }) => kind === 'Secret');
    return secrets.flatMap(({ metadata, data = {} }) =>
      Object.entries(data).map(([key, value]) => ({
        name: `${metadata.name}/${key}`,
        value: Buffer.from(value, 'base64').toString('utf8'),
      })),
    );
  }

  async exists(): Promise<boolean> {
    const found = await this.#kube.find(() => this.#kube.core.readNamespace({ name: this.namespace }));
    return found?.metadata?.uid === this.#uid;
  }

  async destroy(): Promise<void> {
    await this.#kube.remove(() => this.#kube.core.deleteNamespace({ name: this.namespace }));
    await waitUntil(async () => ((await this.exists()) ? undefined : true), {
      budgetMs: GONE_BUDGET_MS,
      signal: this.#kube.address.signal,
      late: () => stillThere(this.namespace),
    });
  }

  /** What somebody has made: neither what belongs to another resource, nor what a cluster puts into every namespace. */
  async #all(): Promise<Found[]> {
    const lists = RESOURCE_KINDS.map(async (one) => {
      const { items, apiVersion } = await this.#api.get<{ items: Listed[]; apiVersion: string }>(this.#pathOf(one));
      return items.filter((item) => isOwn(one.kind, item)).map((item) => ({ ...item, kind: one.kind, apiVersion }));
    });
    return (await Promise.all(lists)).flat();
  }

  #pathOf({ api, plural }: (typeof RESOURCE_KINDS)[number]): string {
    return `/${api}/namespaces/${this.namespace}/${plural}`;
  }
}

function isOwn(kind: string, { metadata, type }: Listed): boolean {
  if (metadata.ownerReferences !== undefined || type === 'kubernetes.io/service-account-token') return false;
  return kind !== 'ConfigMap' || metadata.name !== 'kube-root-ca.crt';
}

/** Evidence is read by people: values of Secrets are in it as digests, which tell them apart and nothing more. */
function sealed(resource: Found): Record<string, unknown> {
  const { [LAST_APPLIED]: _, ...annotations } = resource.metadata.annotations ?? {};
  const metadata = { ...resource.metadata, ...(resource.metadata.annotations && { annotations }) };
  if (resource.kind !== 'Secret') return { ...resource, metadata };
  const digests = Object.entries(resource.data ?? {}).map(([key, value]) => [key, `sha256:${hash('sha256', value)}`]);
  return { ...resource, metadata, data: Object.fromEntries(digests) };
}

function stillThere(namespace: string): DrillError {
  return new DrillError({
    code: 'namespace-left',
    where: 'substrate/kubernetes',
    what: `The namespace ${namespace} was deleted and is still there after ${GONE_BUDGET_MS / 1000} s.`,
    next: `see in its status what holds it: \`kubectl get namespace ${namespace} -o yaml\`.`,
    blame: 'environment',
  });
}
