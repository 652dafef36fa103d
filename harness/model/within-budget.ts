import { setTimeout as delay } from 'node:timers/promises';

/** Waits for work, but no longer than its budget; what is late goes on, and nobody waits for it any more. */
export async function withinBudget<T>(work: Promise<T>, budgetMs: number): Promise<T> {
  const timer = new AbortController();
  const late = delay(budgetMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`it took longer than ${budgetMs / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => {});
    // Whatever goes wrong with it afterwards must not end the process.
    work.catch(() => {});
  }
}
