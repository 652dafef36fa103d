import { withinBudget } from '../../model/within-budget.ts';

/** One thing to be undone, and how long that may take at most. */
export interface Undoing {
  readonly name: string;
  readonly budgetMs: number;
  undo(): Promise<void>;
}

/** Undoes one thing after the other, each within its own budget; gives what went wrong, which keeps none of the others back. */
export async function undoInTurn(all: readonly Undoing[]): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (const one of all) {
    try {
      await withinBudget(one.undo(), one.budgetMs);
    } catch (error) {
      errors.push(
        new Error(`${one.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error }),
      );
    }
  }
  return errors;
}

/** Throws what went wrong, where anything did. */
export function throwAll(errors: readonly unknown[], what = 'not everything could be stopped'): void {
  if (errors.length === 0) return;
  const said = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new AggregateError(errors, `${what}: ${said.join('; ')}`);
}
