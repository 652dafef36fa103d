import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;

/** How long, and how often, to look. */
export interface Waiting {
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  /** What is thrown when the time is up. */
  late(): Error | Promise<Error>;
}

/** Looks until there is something to give back; an error of the look ends it at once. */
export async function waitUntil<Seen>(
  look: () => Promise<Seen | undefined>,
  { budgetMs, signal, late }: Waiting,
): Promise<Seen> {
  const deadline = Date.now() + budgetMs;
  for (;;) {
    signal.throwIfAborted();
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw await late();
    await delay(POLL_MS, undefined, { signal });
  }
}
