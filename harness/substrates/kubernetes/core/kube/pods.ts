import type { V1Container, V1Pod, V1PodSpec, V1ResourceRequirements, V1Volume } from '@kubernetes/client-node';
import { DrillError } from '../../../../model/error.ts';
import { printable } from '../../../../model/printable.ts';
import { confined, type Needs } from './confined.ts';
import type { Kube } from './kube.ts';
import { labelsOf, type Part } from './labels.ts';
import { type MemoryLimits, resourcesOf } from './limits.ts';
import {
  crashing,
  endedByCluster,
  eventLines,
  hopeless,
  type PodTrouble,
  statuses,
  whyNotStarted,
} from './pod-trouble.ts';
import { waitUntil } from './wait-until.ts';

const GONE_BUDGET_MS = 90_000;
const SHOWN_LINES = 20;
const SHOWN_BYTES = 16 * 1024;

/** One container that runs until it is told to end. */
export interface PodSpec {
  readonly name: string;
  readonly part: Part;
  readonly container: V1Container;
  readonly volumes: V1Volume[];
  readonly needs?: Needs;
}

/** What the pods of a run have in common. */
export interface PodOptions {
  readonly memory?: MemoryLimits | undefined;
  /** They handle what somebody else has made. */
  readonly untrusted?: boolean | undefined;
}

/** Starts and ends pods of a run. */
export class Pods {
  readonly kube: Kube;
  readonly runId: string;
  /** How long a pod may take from being made to its first container running, pulling its image included. */
  readonly startBudgetMs: number;
  readonly untrusted: boolean;
  readonly #memory: MemoryLimits;

  constructor(kube: Kube, runId: string, startBudgetMs: number, { memory = {}, untrusted = false }: PodOptions = {}) {
    this.kube = kube;
    this.runId = runId;
    this.startBudgetMs = startBudgetMs;
    this.untrusted = untrusted;
    this.#memory = memory;
  }

  /** What the containers of a part of the run may use. */
  resources(part: Part): V1ResourceRequirements {
    return resourcesOf(part, { memory: this.#memory, untrusted: this.untrusted });
  }

  /** A pod that may do no more than pods of this run, and what it needs besides. */
  confined(spec: V1PodSpec, needs?: Needs): V1PodSpec {
    return confined(spec, this.untrusted, needs);
  }

  /** Makes a pod and waits until it runs. */
  async start({ name, part, container, volumes, needs }: PodSpec): Promise<void> {
    const { kube } = this;
    const body: V1Pod = {
      metadata: { name, labels: labelsOf(this.runId, part) },
      spec: this.confined(
        {
          ...AS_ROOT,
          containers: [{ imagePullPolicy: 'IfNotPresent', resources: this.resources(part), ...container }],
          volumes,
        },
        needs,
      ),
    };
    await kube.make(() => kube.core.createNamespacedPod({ namespace: kube.namespace, body }));
    await this.untilRunning(name);
  }

  /** Waits until all containers of a pod run; an error tells what keeps it from doing so. */
  async untilRunning(name: string): Promise<void> {
    await waitUntil(
      async () => {
        const pod = await this.find(name);
        const trouble = pod && (hopeless(pod) ?? endedByCluster(pod) ?? crashing(pod));
        if (pod && trouble) throw await this.#notStarted(pod, trouble);
        const own = pod?.status?.containerStatuses ?? [];
        return own.length > 0 && own.every(({ state }) => state?.running) ? true : undefined;
      },
      {
        budgetMs: this.startBudgetMs,
        signal: this.kube.address.signal,
        late: async () => {
          const pod = await this.find(name);
          if (!pod) return lost(name, 'went away though nobody asked for it');
          return await this.#notStarted(pod, await whyNotStarted(this.kube, pod));
        },
      },
    );
  }

  /** An error for a pod that ends again and again. */
  async requireAlive(name: string): Promise<void> {
    const pod = await this.find(name);
    const trouble = pod && crashing(pod);
    if (pod && trouble) throw await this.#notStarted(pod, trouble);
  }

  /** The last lines of a container, its only one unless named: of that which ended last, or of that which runs. */
  async lastWords(name: string, container?: string): Promise<string> {
    const { namespace } = this.kube;
    for (const previous of [true, false])
      try {
        const ask = {
          ...{ namespace, name, previous, tailLines: SHOWN_LINES, limitBytes: SHOWN_BYTES },
          ...(container && { container }),
        };
        const said = await this.kube.ask(() => this.kube.core.readNamespacedPodLog(ask));
        if (said) return printable(said.trim());
      } catch {
        // There is none before the first.
      }
    return '';
  }

  async find(name: string): Promise<V1Pod | undefined> {
    const { kube } = this;
    return await kube.find(() => kube.core.readNamespacedPod({ namespace: kube.namespace, name }));
  }

  /** Ends a pod at once and waits until it is gone, for a volume is held until then. */
  async remove(name: string): Promise<void> {
    const { kube } = this;
    await kube.remove(() => kube.core.deleteNamespacedPod({ namespace: kube.namespace, name, gracePeriodSeconds: 0 }));
    await this.untilGone(name);
  }

  async untilGone(name: string): Promise<void> {
    await waitUntil(async () => ((await this.find(name)) ? undefined : true), {
      budgetMs: GONE_BUDGET_MS,
      signal: this.kube.address.signal,
      late: () => lost(name, 'was deleted and is still there'),
    });
  }

  async #notStarted(pod: V1Pod, trouble: PodTrouble): Promise<DrillError> {
    return podTrouble(`pod/${pod.metadata?.name}`, trouble, await eventLines(this.kube, pod));
  }
}

/** Jobs and volume agents set owners as a restore does, which takes root where that is allowed; none of them needs the API. */
export const AS_ROOT: Omit<V1PodSpec, 'containers'> = {
  automountServiceAccountToken: false,
  // Variables such as POSTGRES_PORT of every service around would change what programs do.
  enableServiceLinks: false,
  restartPolicy: 'Never',
  securityContext: { runAsUser: 0, runAsGroup: 0 },
  terminationGracePeriodSeconds: 5,
};

const NEXT: Readonly<Record<PodTrouble['code'], string>> = {
  'image-missing': 'name an image that the cluster can get, in a file for --images, or load it.',
  'volume-pending': 'see in the events what its storage class waits for; `kubectl get storageclass` tells the default.',
  'pod-not-scheduled': 'give the cluster more room, or end what else runs in it.',
  'pod-not-started': 'see in the events what it waits for.',
  crashed: 'read what it said last.',
  'out-of-memory': 'give it more memory (--job-memory, --server-memory), or drill a smaller workload.',
  evicted: 'free disk or memory of the node, or drill a smaller workload.',
  deadline: 'see in its log where it hung.',
};

/** The error for a pod in trouble, with what Kubernetes says of it. */
export function podTrouble(where: string, { code, why }: PodTrouble, events: string): DrillError {
  return new DrillError({
    code,
    where,
    what: `The pod could not do its work: ${why}.`,
    next: NEXT[code],
    blame: 'environment',
    tail: events,
  });
}

/** Whether every container of a pod has ended, or never will begin because an earlier one failed. */
export function hasEnded(pod: V1Pod): boolean {
  const phase = pod.status?.phase;
  return (phase === 'Succeeded' || phase === 'Failed') && statuses(pod).every(({ state }) => !state?.running);
}

function lost(name: string, how: string): DrillError {
  return new DrillError({
    code: 'pod-lost',
    where: `pod/${name}`,
    what: `The pod ${name} ${how}.`,
    next: 'see in the events of the namespace what happened to it.',
    blame: 'environment',
  });
}
