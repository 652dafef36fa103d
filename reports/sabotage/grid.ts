import type { SabotageCell, SabotageResult } from '../../harness/model/sabotage-result.ts';

/** How one cell of the matrix stands. */
export type CellState = 'caught' | 'missed' | 'not applicable' | 'not run';

/** One sabotage against all paths of its component. */
export interface GridRow {
  readonly sabotage: string;
  readonly summary: string;
  readonly states: readonly CellState[];
  /** What caught it, on whichever path. */
  readonly by: readonly string[];
}

/** The part of the matrix that belongs to one component. */
export interface Grid {
  readonly component: string;
  readonly paths: readonly string[];
  readonly rows: readonly GridRow[];
}

/** The matrix, component by component: what a sabotage of a database does to a volume is no question. */
export function gridsOf(result: SabotageResult): Grid[] {
  const components = [...new Set(result.columns.map(({ component }) => component))];
  return components.map((component) => gridOf(result, component)).filter(({ rows }) => rows.length > 0);
}

function gridOf(result: SabotageResult, component: string): Grid {
  const paths = result.columns.filter((column) => column.component === component).map(({ path }) => path);
  const cells = result.cells.filter((cell) => cell.component === component);
  const rows = [...new Set(cells.map(({ sabotage }) => sabotage))].map((sabotage) => {
    const own = cells.filter((cell) => cell.sabotage === sabotage);
    const states = paths.map((path) => stateOf(result, own, { sabotage, component, path }));
    return { sabotage, summary: own[0]?.summary ?? '', states, by: [...new Set(own.flatMap(catchersOf))] };
  });
  return { component, paths, rows };
}

/** The expected ones among those that spoke. */
export function catchersOf({ complaints }: SabotageCell): string[] {
  return complaints.filter(({ expected, named }) => expected && named.length > 0).map(({ by }) => by);
}

function stateOf(
  { notApplicable }: SabotageResult,
  cells: readonly SabotageCell[],
  { sabotage, component, path }: { sabotage: string; component: string; path: string },
): CellState {
  const cell = cells.find((one) => one.path === path);
  if (cell) return cell.outcome;
  const isOut = notApplicable.some(
    (one) => one.sabotage === sabotage && one.component === component && one.path === path,
  );
  return isOut ? 'not applicable' : 'not run';
}

/** The outcome in one sentence. */
export function sentenceOf({
  total,
  caught,
  missed,
  falseAlarms,
  healthy,
  killScore,
  exitCode,
}: SabotageResult): string {
  if (exitCode === 130) return `Interrupted after ${total} ruined runs.`;
  const score =
    killScore === null
      ? 'nothing was ruined'
      : `${caught} of ${total} ruined runs were caught (${formatScore(killScore)})`;
  const alarms = `${falseAlarms.length} false alarms in ${healthy.length} healthy runs`;
  return `${score}, ${missed.length} got through, ${alarms}.`;
}

/** `100 %`, `97.4 %`: never rounded up to all of them. */
export function formatScore(score: number): string {
  return `${Math.floor(score * 10) / 10} %`;
}
