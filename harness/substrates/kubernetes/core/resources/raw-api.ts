import { execa } from 'execa';
import { DrillError } from '../../../../model/error.ts';
import type { KubeAddress } from '../kube/kube.ts';

const TAIL_CHARS = 600;

/** The API of a cluster as plain JSON: typed clients drop fields that they do not know, and a judge must see them all. */
export class RawApi {
  readonly #address: KubeAddress;
  readonly #env: Readonly<Record<string, string>>;

  constructor(address: KubeAddress, env: Readonly<Record<string, string>>) {
    this.#address = address;
    this.#env = env;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return JSON.parse(await this.#call(['get', '--raw', path])) as Answer;
  }

  /** Makes what is sent; it goes through the standard input, because it may hold secrets. */
  async post(path: string, body: unknown): Promise<void> {
    await this.#call(['create', '--raw', path, '--filename', '-'], JSON.stringify(body));
  }

  async #call(args: readonly string[], input = ''): Promise<string> {
    const { kubectl, kubeconfig, signal } = this.#address;
    const result = await execa(kubectl, ['--kubeconfig', kubeconfig, ...args], {
      env: this.#env,
      extendEnv: false,
      input,
      reject: false,
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    if (result.exitCode === 0) return result.stdout;
    throw new DrillError({
      code: 'api-refused',
      where: 'substrate/kubernetes',
      what: `The API of the cluster did not do "${args.slice(0, 3).join(' ')}" (exit code ${result.exitCode ?? 'none'}).`,
      next: 'see whether the cluster answers, and whether its account may do that.',
      blame: 'environment',
      tail: result.stderr.slice(-TAIL_CHARS),
    });
  }
}
