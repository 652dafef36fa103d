import { DrillError } from '../model/error.ts';
import { withinBudget } from '../model/within-budget.ts';

const DISPOSE_BUDGET_MS = 300_000;

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
            next: 'what is left is removed once this process has ended; `drill gc` shows whether anything stays.',
            blame: 'harness',
            cause: error,
          }),
        );
      }
    }
    return errors;
  }
}
