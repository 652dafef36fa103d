import pRetry from 'p-retry';
import { DrillError } from '../../../../model/error.ts';
import type { Kube } from '../kube/kube.ts';
import type { PodSpec, Pods } from '../kube/pods.ts';
import { KEPT_AT, manifestScript } from './agent.ts';
import { streamScript } from './stream-script.ts';
import { type Answer, type ExecCall, SessionLost, VolumeAgentSession } from './volume-agent-session.ts';

const LOST_TRIES = 8;
const LOST_MS = 250;
const LOST_MOST_MS = 10_000;

/** What a volume agent needs of the substrate. */
export interface VolumeAgentHost {
  readonly kube: Kube;
  readonly pods: Pods;
  readonly image: string;
  readonly workFolder: string;
  readonly clientEnv: Readonly<Record<string, string>>;
}

/** What a volume agent keeps. */
export interface Kept {
  readonly claim: string;
  /** The folder of the claim that is the volume; empty when it is the whole. */
  readonly folder: string;
  /** It holds what was there before the run, and is only read. */
  readonly isFound: boolean;
}

/** A pod that mounts a volume for the harness, which reads and writes through it. */
export class VolumeAgent {
  readonly #host: VolumeAgentHost;
  readonly #kept: Kept;
  readonly #made: () => Promise<void>;
  readonly #pod: string;
  #started: Promise<void> | undefined;
  #session: VolumeAgentSession | undefined;

  /** `made` waits until there is a claim to mount. */
  constructor(host: VolumeAgentHost, kept: Kept, made: () => Promise<void>) {
    this.#host = host;
    this.#kept = kept;
    this.#made = made;
    this.#pod = `keep-${kept.claim}`;
  }

  /** Starts the pod unless it runs; that takes seconds, and whoever calls first need not wait for it. */
  async start(): Promise<void> {
    this.#started ??= this.#made().then(() => this.#host.pods.start(this.#spec()));
    await this.#started;
  }

  /** The node that the pod runs on: a volume of most kinds can be mounted on one alone. */
  async node(): Promise<string> {
    await this.start();
    return (await this.#host.pods.find(this.#pod))?.spec?.nodeName ?? '';
  }

  /** Runs a script in the folder of the volume. Scripts must bear being run twice: a lost connection does not tell. */
  async run(script: string, input?: Uint8Array): Promise<Answer> {
    await this.start();
    return await pRetry(
      async () => {
        if (!this.#session || this.#session.isLost)
          this.#session = new VolumeAgentSession(this.#call(), keptAt(this.#kept));
        return await this.#session.run(script, input);
      },
      {
        retries: LOST_TRIES,
        minTimeout: LOST_MS,
        maxTimeout: LOST_MOST_MS,
        shouldRetry: ({ error }) => error instanceof SessionLost,
        signal: this.#host.kube.address.signal,
      },
    );
  }

  /** The records of the manifest, and what was said when it could not be made in full. */
  async *manifest(): AsyncGenerator<Uint8Array> {
    await this.start();
    yield* streamScript(this.#call(), manifestScript(keptAt(this.#kept)), (why) => unreadable(this.#kept.claim, why));
  }

  /** Ends the connection; the pod goes on. */
  async disconnect(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
  }

  /** Ends the pod, so that its volume can go. */
  async stop(): Promise<void> {
    await this.disconnect();
    if (!this.#started) return;
    await this.#started.catch(() => {});
    this.#started = undefined;
    await this.#host.pods.remove(this.#pod);
  }

  #spec(): PodSpec {
    const { claim, folder, isFound } = this.#kept;
    const making = folder === '' ? '' : `mkdir -p ${keptAt(this.#kept)}; `;
    return {
      name: this.#pod,
      part: 'volume-agent',
      container: {
        name: 'volume-agent',
        image: this.#host.image,
        // The first process of a container is deaf to signals that it does not ask for.
        command: ['sh', '-c', `${making}trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done`],
        volumeMounts: [{ name: 'volume', mountPath: KEPT_AT, readOnly: isFound }],
      },
      volumes: [{ name: 'volume', persistentVolumeClaim: { claimName: claim, readOnly: isFound } }],
      needs: { readsFound: isFound },
    };
  }

  #call(): ExecCall {
    return callFor(this.#host, this.#pod);
  }
}

/** Where a volume agent finds what it keeps. */
export function keptAt({ folder }: Pick<Kept, 'folder'>): string {
  return folder === '' ? KEPT_AT : `${KEPT_AT}/${folder}`;
}

/** A call of kubectl for a pod. */
export function callFor({ kube, workFolder, clientEnv }: VolumeAgentHost, pod: string): ExecCall {
  const { kubectl, kubeconfig, namespace } = kube.address;
  return { kubectl, kubeconfig, namespace, pod, env: clientEnv, cwd: workFolder };
}

/** That a manifest could not be made, and why. */
export function unreadable(claim: string, why: string): DrillError {
  return new DrillError({
    code: 'manifest-unreadable',
    where: 'manifest/files',
    what: `The manifest of the volume ${claim} could not be made.`,
    next: 'see whether something else changes or removes files there, and whether the cluster lost the connection.',
    blame: 'environment',
    tail: why.trim(),
  });
}
