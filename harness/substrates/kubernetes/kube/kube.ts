import {
  ApiException,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  StorageV1Api,
} from '@kubernetes/client-node';
import pRetry, { AbortError } from 'p-retry';

/** An API server that restarts is away for some tens of seconds. */
const OUTAGE_BUDGET_MS = 90_000;
const RETRY_MS = 500;
const RETRY_MOST_MS = 3_000;
const NOT_FOUND = 404;
const CONFLICT = 409;
const TOO_MANY = 429;
const SERVER_ERROR = 500;

/** Where a cluster is, and which namespace of it is ours. */
export interface KubeAddress {
  readonly kubeconfig: string;
  readonly namespace: string;
  /** The absolute path of kubectl. */
  readonly kubectl: string;
  readonly signal: AbortSignal;
}

/** The API of one cluster, for one namespace. Calls wait for an API server that is away for a while. */
export class Kube {
  readonly address: KubeAddress;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly apps: AppsV1Api;
  readonly storage: StorageV1Api;
  readonly custom: CustomObjectsApi;

  constructor(address: KubeAddress) {
    this.address = address;
    const config = new KubeConfig();
    config.loadFromFile(address.kubeconfig);
    this.core = config.makeApiClient(CoreV1Api);
    this.batch = config.makeApiClient(BatchV1Api);
    this.apps = config.makeApiClient(AppsV1Api);
    this.storage = config.makeApiClient(StorageV1Api);
    this.custom = config.makeApiClient(CustomObjectsApi);
  }

  get namespace(): string {
    return this.address.namespace;
  }

  /** Asks, and asks again while the server does not answer. */
  async ask<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    return await this.#patiently(call);
  }

  /** What is asked for, or undefined when it is not there. */
  async find<Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await this.#patiently(call);
    } catch (error) {
      if (codeOf(error) === NOT_FOUND) return undefined;
      throw error;
    }
  }

  /** Makes something; that it is there already is fine when an earlier try may have made it. */
  async make(call: () => Promise<unknown>): Promise<void> {
    let tries = 0;
    await this.#patiently(async () => {
      tries += 1;
      try {
        await call();
      } catch (error) {
        if (tries === 1 || codeOf(error) !== CONFLICT) throw error;
      }
    });
  }

  /** Deletes something; that it is gone already is fine. */
  async remove(call: () => Promise<unknown>): Promise<void> {
    await this.find(call);
  }

  async #patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    return await pRetry(
      async () => {
        try {
          return await call();
        } catch (error) {
          if (isOutage(error)) throw error;
          throw new AbortError(error instanceof Error ? error : new Error(String(error)));
        }
      },
      {
        retries: OUTAGE_BUDGET_MS / RETRY_MS,
        minTimeout: RETRY_MS,
        maxTimeout: RETRY_MOST_MS,
        maxRetryTime: OUTAGE_BUDGET_MS,
        signal: this.address.signal,
        // `fetch` calls a refused connection a TypeError, as if it were a fault of ours.
        shouldRetry: () => true,
      },
    );
  }
}

/** The HTTP status of an answer that was an error. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

function isOutage(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return code === TOO_MANY || code >= SERVER_ERROR;
  return error instanceof Error && (error.message === 'fetch failed' || 'code' in error || 'cause' in error);
}
