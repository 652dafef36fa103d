import { setTimeout as delay } from 'node:timers/promises';
import { DrillError } from '../model/error.ts';

const DISPOSE_BUDGET_MS = 120_000;

/** Whatever a run started, disposed of in reverse order, each with its own time budget, all errors kept. */
export class Scope {
  readonly #entries: { name: string; dispose: () => Promise<void> }[] = [];
  readonly #budgetMs: number;

  constructor(budgetMs = DISPOSE_BUDGET_MS) {
    this.#budgetMs = budgetMs;
  }

  /** Registers what has to be undone; before it is made where that can be, so that something half made is undone, too. */
  add(name: string, dispose: () => Promise<void>): void {
    this.#entries.push({ name, dispose });
  }

  /** Undoes everything once; gives the errors on the way instead of throwing them. */
  async dispose(): Promise<DrillError[]> {
    const errors: DrillError[] = [];
    for (const { name, dispose } of this.#entries.splice(0).reverse()) {
      try {
        await withinBudget(dispose(), this.#budgetMs);
      } catch (error) {
        errors.push(
          new DrillError({
            code: 'dispose-failed',
            where: 'run/scope',
            what: `${name} could not be disposed of: ${error instanceof Error ? error.message : String(error)}.`,
            next: 'run `drill gc`, which removes what runs have left behind.',
            blame: 'harness',
            cause: error,
          }),
        );
      }
    }
    return errors;
  }
}

async function withinBudget(work: Promise<void>, budgetMs: number): Promise<void> {
  const timer = new AbortController();
  const late = delay(budgetMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`it took longer than ${budgetMs / 1000} s`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => {});
  }
}
