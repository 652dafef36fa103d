import type { Sabotage } from '../model/sabotage.ts';
import type { NotApplicable } from '../model/sabotage-result.ts';
import { type Column, isOnPath } from './columns.ts';

/** One run to be made: a sabotage against a column. */
export interface PlannedCell {
  readonly sabotage: Sabotage;
  readonly column: Column;
}

/** What of the matrix to run. */
export interface Selection {
  /** Names of sabotages; all when empty. */
  readonly only: readonly string[];
  /** Labels of paths, or names that labels begin with; all when empty. */
  readonly paths: readonly string[];
  /** The part of the cells: the first of three is `{ index: 1, count: 3 }`. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Each sabotage against one of its columns only, another one for each. */
  readonly once?: boolean;
}

export interface Plan {
  readonly cells: readonly PlannedCell[];
  readonly notApplicable: readonly NotApplicable[];
}

/** Every sabotage against every column of its component, as far as it fits and is asked for. */
export function planMatrix(
  sabotages: readonly Sabotage[],
  columns: readonly Column[],
  substrate: string,
  { only, paths, shard, once = false }: Selection,
): Plan {
  const cells: PlannedCell[] = [];
  const notApplicable: NotApplicable[] = [];
  for (const [index, sabotage] of sabotages.entries()) {
    if (only.length > 0 && !only.includes(sabotage.name)) continue;
    const fitting: PlannedCell[] = [];
    for (const column of columns.filter(({ component }) => component === sabotage.component)) {
      if (!isOnPath(column.label, paths)) continue;
      const why = misfit(sabotage, column, substrate);
      if (why === '') fitting.push({ sabotage, column });
      else notApplicable.push({ sabotage: sabotage.name, component: column.component, path: column.label, why });
    }
    const one = fitting[index % Math.max(1, fitting.length)];
    cells.push(...(once && one ? [one] : fitting));
  }
  return { cells: shard ? cells.filter((_, at) => at % shard.count === shard.index - 1) : cells, notApplicable };
}

function misfit({ paths, otherwise, only }: Sabotage, { label }: Column, substrate: string): string {
  if (only && !only.substrates.includes(substrate)) return only.why;
  if (!paths || paths.includes(label)) return '';
  return otherwise ?? `it is a fault of ${paths.join(', ')}`;
}
