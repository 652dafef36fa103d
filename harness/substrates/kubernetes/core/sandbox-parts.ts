import type { V1ObjectMeta } from '@kubernetes/client-node';
import type { ClusterPart } from '../../../model/cluster.ts';
import { DrillError } from '../../../model/error.ts';
import type { Target } from '../../../model/target.ts';
import type { Kube } from './kube/kube.ts';
import { waitUntil } from './kube/wait-until.ts';
import { NamespaceResources } from './resources/namespace-resources.ts';
import type { Claims } from './volume/claims.ts';

const GONE_BUDGET_MS = 180_000;
const PART = /^(claim|pod|namespace) (?:[^/ ]+\/)?([^/ ]+) \(uid ([^)]*)\)$/;

const PARTS: ReadonlySet<ClusterPart> = new Set(['claim', 'pod', 'namespace']);

type Kind = 'claim' | 'pod' | 'namespace';

/** The parts of a namespace that disasters can take: itself, claims and pods, each told from its successors by its uid. */
export class SandboxParts {
  readonly #kube: Kube;
  readonly #claims: Claims;

  constructor(kube: Kube, claims: Claims) {
    this.#kube = kube;
    this.#claims = claims;
  }

  /** Undefined for kinds that do not lie in a namespace. */
  async parts(kind: ClusterPart, target: Target): Promise<string[] | undefined> {
    const { namespace, core } = this.#kube;
    // Resources have a namespace of their own, which goes as a whole.
    if (target instanceof NamespaceResources && PARTS.has(kind)) return [target.identity];
    if (kind === 'claim') return [this.#claims.of(target).identity];
    if (kind === 'namespace') {
      const { metadata } = await this.#kube.ask(() => core.readNamespace({ name: namespace }));
      return [`namespace ${namespace} (uid ${metadata?.uid})`];
    }
    if (kind !== 'pod') return undefined;
    const labelSelector = `app=${this.#claims.of(target).claim}`;
    const { items } = await this.#kube.ask(() => core.listNamespacedPod({ namespace, labelSelector }));
    return items.map(({ metadata }) => `pod ${namespace}/${metadata?.name} (uid ${metadata?.uid})`);
  }
}

/** Takes a part away and waits until it is gone; false when it is none of a namespace. */
export async function destroyPart(kube: Kube, part: string): Promise<boolean> {
  const found = parse(part);
  if (!found) return false;
  const { kind, name, uid } = found;
  const { core, namespace } = kube;
  if (kind === 'namespace') await kube.remove(() => core.deleteNamespace({ name }));
  if (kind === 'pod') await kill(kube, name, uid);
  if (kind === 'claim') {
    await kube.remove(() => core.deleteNamespacedPersistentVolumeClaim({ namespace, name }));
    await killUsersOf(kube, name);
  }
  await waitUntil(async () => ((await find(kube, kind, name))?.uid === uid ? undefined : true), {
    budgetMs: GONE_BUDGET_MS,
    signal: kube.address.signal,
    late: () => stillThere(part),
  });
  return true;
}

async function kill(kube: Kube, name: string, uid: string): Promise<void> {
  const { core, namespace } = kube;
  const body = { preconditions: { uid } };
  await kube.remove(() => core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0, body }));
}

/** A claim that is deleted goes only when nothing mounts it; what comes back afterwards finds no claim. */
async function killUsersOf(kube: Kube, claim: string): Promise<void> {
  const { core, namespace } = kube;
  const { items } = await kube.ask(() => core.listNamespacedPod({ namespace }));
  for (const { metadata, spec } of items)
    if (spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim))
      await kill(kube, metadata?.name ?? '', metadata?.uid ?? '');
}

/** Looks whether a part is there, also of a namespace that nobody works in any more; undefined for parts of none. */
export async function lookForPart(kube: Kube, part: string): Promise<{ gone: boolean; found: string } | undefined> {
  const parsed = parse(part);
  if (!parsed) return undefined;
  const { kind, name, uid } = parsed;
  const there = await find(kube, kind, name);
  if (!there) return { gone: true, found: `The cluster has no ${kind} ${name} any more.` };
  if (there.uid !== uid)
    return { gone: true, found: `Another ${kind} of that name is there, with the uid ${there.uid}.` };
  const ending = there.deletionTimestamp ? ', though it was told to end' : '';
  return { gone: false, found: `The ${kind} is still there${ending}.` };
}

async function find(kube: Kube, kind: Kind, name: string): Promise<V1ObjectMeta | undefined> {
  const { core, namespace } = kube;
  const found = await kube.find<{ metadata?: V1ObjectMeta }>(() => {
    if (kind === 'namespace') return core.readNamespace({ name });
    if (kind === 'pod') return core.readNamespacedPod({ namespace, name });
    return core.readNamespacedPersistentVolumeClaim({ namespace, name });
  });
  return found?.metadata;
}

function parse(part: string): { kind: Kind; name: string; uid: string } | undefined {
  const [, kind, name = '', uid = ''] = PART.exec(part) ?? [];
  return kind === undefined ? undefined : { kind: kind as Kind, name, uid };
}

function stillThere(part: string): DrillError {
  return new DrillError({
    code: 'part-left',
    where: 'disaster',
    what: `The ${part} was deleted and is still there after ${GONE_BUDGET_MS / 1000} s.`,
    next: 'see with `kubectl describe` which finalizer or pod holds it.',
    blame: 'environment',
  });
}
