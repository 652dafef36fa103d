/** A run that is disposed of when the process ends that it belongs to. */
export interface GuardedRun {
  readonly runId: string;
  readonly folder: string;
  /** The name that the folder has while it is made. */
  readonly making: string;
}

/** What the harness tells its guardian, a line each. */
export type Order = { readonly guard: GuardedRun } | { readonly release: string };

/** What the guardian says once it listens. */
export const READY = 'ready\n';
