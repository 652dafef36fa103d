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
import { DrillError } from '../../../../model/error.ts';

/** An API server that restarts is away for some tens of seconds. */
const OUTAGE_BUDGET_MS = 90_000;
/** An API server whose machine stands still takes a request and never answers. */
const CALL_BUDGET_MS = 30_000;
/** An API server that has just started knows no roles for some seconds, and says so with the code of a refusal. */
const ROLES_BUDGET_MS = 20_000;
const NO_ROLE = /is forbidden: User /;
const RETRY_MS = 500;
const RETRY_MOST_MS = 3_000;
const NOT_FOUND = 404;
const FORBIDDEN = 403;
const CONFLICT = 409;
const TOO_MANY = 429;
const SERVER_ERROR = 500;

/** Where a cluster is, and which namespace of it is ours. */
export interface KubeAddress {
  readonly kubeconfig: string;
  /** The context of that file; its current one when it is left out. */
  readonly context?: string;
  readonly namespace: string;
  /** The absolute path of kubectl. */
  readonly kubectl: string;
  readonly signal: AbortSignal;
}

/** The API of one cluster, for one namespace. Calls wait for an API server that is away for a while. */
export class Kube {
  readonly address: KubeAddress;
  readonly config = new KubeConfig();
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly apps: AppsV1Api;
  readonly storage: StorageV1Api;
  readonly custom: CustomObjectsApi;
  /** Where the API server is, and the certificate of its authority. */
  readonly api: { readonly server: string; readonly ca: string };

  constructor(address: KubeAddress) {
    this.address = address;
    this.config.loadFromFile(address.kubeconfig);
    if (address.context !== undefined) this.config.setCurrentContext(address.context);
    const { server = '', caData = '' } = this.config.getCurrentCluster() ?? {};
    this.api = { server, ca: Buffer.from(caData, 'base64').toString('utf8') };
    this.core = this.config.makeApiClient(CoreV1Api);
    this.batch = this.config.makeApiClient(BatchV1Api);
    this.apps = this.config.makeApiClient(AppsV1Api);
    this.storage = this.config.makeApiClient(StorageV1Api);
    this.custom = this.config.makeApiClient(CustomObjectsApi);
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
    const { signal } = this.address;
    const rolesBy = Date.now() + ROLES_BUDGET_MS;
    try {
      return await pRetry(
        async () => {
          try {
            return await within(call, signal);
          } catch (error) {
            if (isOutage(error) || (knowsNoRole(error) && Date.now() < rolesBy)) throw error;
            throw new AbortError(error instanceof Error ? error : new Error(String(error)));
          }
        },
        {
          retries: OUTAGE_BUDGET_MS / RETRY_MS,
          minTimeout: RETRY_MS,
          maxTimeout: RETRY_MOST_MS,
          maxRetryTime: OUTAGE_BUDGET_MS,
          signal,
          // `fetch` calls a refused connection a TypeError, as if it were a fault of ours.
          shouldRetry: () => true,
        },
      );
    } catch (error) {
      signal.throwIfAborted();
      throw isOutage(error) ? lost(error) : refused(error);
    }
  }
}

/** The HTTP status of an answer that was an error. */
export function codeOf(error: unknown): number | undefined {
  if (error instanceof DrillError) return codeOf(error.cause);
  return error instanceof ApiException ? error.code : undefined;
}

class NoAnswer extends Error {}

/** One call, which ends with the run at once, and with its own time. */
async function within<Answer>(call: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  const timer = setTimeout(() => reject(new NoAnswer(`no answer within ${CALL_BUDGET_MS / 1000} s`)), CALL_BUDGET_MS);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([call(), promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function isOutage(error: unknown): boolean {
  if (error instanceof DrillError) return false;
  const code = codeOf(error);
  if (code !== undefined) return code === TOO_MANY || code >= SERVER_ERROR;
  if (error instanceof NoAnswer) return true;
  return error instanceof Error && (error.message === 'fetch failed' || 'code' in error || 'cause' in error);
}

function knowsNoRole(error: unknown): boolean {
  return codeOf(error) === FORBIDDEN && NO_ROLE.test(messageOf((error as ApiException<unknown>).body));
}

function lost(error: unknown): DrillError {
  const { cause, message } = error as Error;
  const why = cause instanceof Error ? cause.message : message;
  return new DrillError({
    code: 'api-server-lost',
    where: 'substrate/kubernetes',
    what: `The cluster's API server did not answer for ${OUTAGE_BUDGET_MS / 1000} s: ${why}.`,
    next: 'see whether the machine of the cluster is up and not short of memory, then run the drill again.',
    blame: 'environment',
    cause: error,
  });
}

/** What the API server says is in the body of its answer, below a heap of headers. */
function refused(error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined || error instanceof DrillError) return error;
  return new DrillError({
    code: 'api-refused',
    where: 'substrate/kubernetes',
    what: `The cluster's API server refused a request (${code}): ${messageOf((error as ApiException<unknown>).body)}.`,
    next: 'see whether the account of the kubeconfig may do that, and whether something else works in the namespace.',
    blame: 'environment',
    cause: error,
  });
}

function messageOf(body: unknown): string {
  if (typeof body === 'string') {
    try {
      return messageOf(JSON.parse(body));
    } catch {
      return body;
    }
  }
  return (body as { message?: string } | null)?.message ?? 'it gives no reason';
}
