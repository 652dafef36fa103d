import type { V1Pod } from '@kubernetes/client-node';
import type { Kube } from '../kube/kube.ts';
import { PART_LABEL, type Part } from '../kube/labels.ts';

const LOOK_MS = 2_000;
const SERVICE: Part = 'service';

/** Watches the servers of a run from afar, and notes those that ended or began anew though nobody asked for it. */
export class CasualtyWatch {
  readonly #seen = new Map<string, string>();
  readonly #kube: Kube;
  readonly #noted: (name: string, how: string) => void;
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(kube: Kube, noted: (name: string, how: string) => void) {
    this.#kube = kube;
    this.#noted = noted;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  list(): string[] {
    return [...this.#seen].map(([name, how]) => `${name} ${how}`);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { namespace } = this.#kube;
      const labelSelector = `${PART_LABEL}=${SERVICE}`;
      const { items } = await this.#kube.core.listNamespacedPod({ namespace, labelSelector });
      for (const pod of items) this.#note(pod);
    } catch {
      // A cluster that does not answer is told by whoever needs it.
    } finally {
      this.#looking = false;
    }
  }

  #note(pod: V1Pod): void {
    const name = pod.metadata?.labels?.app ?? pod.metadata?.name ?? '';
    const how = pod.metadata?.deletionTimestamp ? undefined : casualty(pod);
    if (!how || this.#seen.get(name) === how) return;
    this.#seen.set(name, how);
    this.#noted(name, how);
  }
}

/** How a server's pod exited unexpectedly; undefined while it is well. */
export function casualty(pod: V1Pod): string | undefined {
  if (pod.status?.phase === 'Failed') return `failed: ${pod.status.reason ?? ''} ${pod.status.message ?? ''}`.trim();
  for (const { restartCount, lastState, state } of pod.status?.containerStatuses ?? []) {
    const ended = state?.terminated ?? lastState?.terminated;
    if (ended)
      return `ended with exit code ${ended.exitCode} (${ended.reason ?? 'no reason given'}), ${restartCount} restarts`;
  }
  return undefined;
}
