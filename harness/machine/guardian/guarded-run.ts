/** A run that is disposed of when the process ends that it belongs to. */
export interface GuardedRun {
  readonly runId: string;
  readonly folder: string;
  /** The name that the folder has while it is made. */
  readonly making: string;
  /** The S3 server of somebody else that the run has buckets on; its keys go by the pipe, and are written nowhere. */
  readonly store?: GuardedStore;
}

/** Where such a server is, and what opens it. */
export interface GuardedStore {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** What the harness tells its guardian, a line each. */
export type Order = { readonly guard: GuardedRun } | { readonly release: string };

/**
 * The variable with the runs that a guardian has from its very start, without their stores: the harness may die before it has
 * told it anything.
 */
export const GUARDED_VARIABLE = 'RESTORE_DRILL_GUARDED';

/** What the guardian says once it listens. */
export const READY = 'ready\n';
