import { execa } from 'execa';
import getPort from 'get-port';
import pRetry from 'p-retry';
import type { KubeAddress } from '../core/kube/kube.ts';
import type { PortForward, PortForwards } from '../core/services/port-forward.ts';

const HOST = '127.0.0.1';
const AGAIN_MS = 300;

/** What a forward is started with. */
export interface ForwardSetting {
  readonly address: KubeAddress;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * Reaches servers through `kubectl port-forward`: a cluster of somebody else opens no ports for a drill. Only the harness
 * goes this way, to seed and to look; what is timed runs inside, as Jobs.
 */
export class KubectlPortForwards implements PortForwards, AsyncDisposable {
  readonly #setting: ForwardSetting;
  readonly #given: number[] = [];
  readonly #open = new Set<PortForward>();

  constructor(setting: ForwardSetting) {
    this.#setting = setting;
  }

  async take(port: number): Promise<PortForward> {
    // No port twice: a server that is destroyed must not seem alive because its successor answers there.
    const local = await getPort({ host: HOST, exclude: this.#given });
    this.#given.push(local);
    const over = new AbortController();
    let forwarding: Promise<unknown> = Promise.resolve();
    const forward: PortForward = {
      service: { type: 'ClusterIP' },
      outside: { host: HOST, port: local },
      open: (pod) => {
        forwarding = this.#keepOpen(
          pod,
          `${local}:${port}`,
          AbortSignal.any([over.signal, this.#setting.address.signal]),
        );
      },
      close: async () => {
        over.abort();
        await forwarding;
        this.#open.delete(forward);
      },
    };
    this.#open.add(forward);
    return forward;
  }

  /** Closes what is still open: servers that live until their namespace goes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open].map(async (forward) => await forward.close()));
  }

  /** One forward after the other, for each ends with its pod, and with every break of the connection. */
  async #keepOpen(pod: string, ports: string, signal: AbortSignal): Promise<void> {
    const { address, env, cwd } = this.#setting;
    const target = ['--kubeconfig', address.kubeconfig, '--namespace', address.namespace];
    const args = [...target, 'port-forward', '--address', HOST, `pod/${pod}`, ports];
    const once = async () => {
      const options = { env, extendEnv: false, cwd, stdin: 'ignore', stdout: 'ignore', reject: false } as const;
      const { stderr } = await execa(address.kubectl, args, { ...options, cancelSignal: signal });
      throw new Error(`the forward to ${pod} has ended: ${stderr}`);
    };
    await pRetry(once, { retries: Number.POSITIVE_INFINITY, minTimeout: AGAIN_MS, factor: 1, signal }).catch(() => {});
  }
}
