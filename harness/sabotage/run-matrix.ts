import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { makeRunId } from '../engine/run-id.ts';
import type { Drill } from '../model/drill.ts';
import { type AnySabotage, isReady, type Sabotage } from '../model/sabotage.ts';
import type { HealthyTwin, SabotageCell, SabotageResult } from '../model/sabotage-result.ts';
import { type Column, columnsOf } from './columns.ts';
import { type PlannedCell, planMatrix, type Selection } from './plan.ts';
import { type CellOptions, runCell, runHealthy } from './run-cell.ts';

const EXIT_INTERRUPTED = 130;

/** What is told while the matrix goes on. */
export interface MatrixListener {
  planned(cells: number, healthy: number): void;
  cell(cell: SabotageCell): void;
  healthy(twin: HealthyTwin): void;
}

export interface MatrixOptions extends CellOptions {
  readonly substrate: string;
  readonly selection: Selection;
  /** How often each healthy twin runs. */
  readonly repeats: number;
  /** Runs at a time. */
  readonly concurrency: number;
  readonly listener: MatrixListener;
}

type Task =
  | { readonly kind: 'cell'; readonly cell: PlannedCell }
  | { readonly kind: 'healthy'; readonly column: Column; readonly repeat: number; readonly sabotage?: Sabotage };

/** Runs the healthy twins and every cell of the matrix, some at a time. Whole drills, so that nothing differs from a user's. */
export async function runMatrix(
  drill: Drill,
  sabotages: readonly AnySabotage[],
  options: MatrixOptions,
): Promise<SabotageResult> {
  const startedAt = new Date();
  const id = makeRunId(`sabotage-${drill.name}`);
  const folder = join(options.runsFolder, id);
  await mkdir(folder, { recursive: true });
  const { substrate, selection, listener, signal } = options;
  const columns = columnsOf(drill, { substrate, paths: selection.paths });
  const plan = planMatrix(sabotages.filter(isReady), columns, substrate, selection);
  const twins = healthyTwins(plan.cells, options.repeats);
  listener.planned(plan.cells.length, twins.length);
  const tasks: Task[] = [...twins, ...plan.cells.map((cell) => ({ kind: 'cell', cell }) as const)];
  const cells: SabotageCell[] = [];
  const healthy: HealthyTwin[] = [];
  const inFolder = { ...options, runsFolder: folder };
  await pMap(
    tasks,
    async (task) => {
      if (signal.aborted) return;
      if (task.kind === 'cell') {
        const done = await runCell(drill, task.cell, inFolder);
        if (signal.aborted) return;
        cells.push(done);
        listener.cell(done);
      } else {
        const twin = await runHealthy(drill, task, task.repeat, inFolder);
        if (signal.aborted) return;
        healthy.push(twin);
        listener.healthy(twin);
      }
    },
    { concurrency: options.concurrency },
  );
  const awaited = sabotages.flatMap((one) =>
    isReady(one) ? [] : [{ sabotage: one.name, summary: one.summary, waitsFor: one.waitsFor }],
  );
  const missed = cells.filter(({ outcome }) => outcome === 'missed');
  const falseAlarms = healthy.filter(({ passed }) => !passed);
  const endedAt = new Date();
  return {
    schemaVersion: 1,
    id,
    drill: drill.name,
    substrate,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    seconds: (endedAt.getTime() - startedAt.getTime()) / 1000,
    folder,
    shard: selection.shard ? `${selection.shard.index}/${selection.shard.count}` : '',
    exitCode: signal.aborted ? EXIT_INTERRUPTED : missed.length + falseAlarms.length > 0 ? 1 : 0,
    total: cells.length,
    caught: cells.length - missed.length,
    missed,
    falseAlarms,
    notApplicable: plan.notApplicable,
    waiting: awaited,
    killScore: cells.length === 0 ? null : (100 * (cells.length - missed.length)) / cells.length,
    cells: inOrder(cells, plan.cells),
    healthy,
    columns: columns.map(({ component, label }) => ({ component, path: label })),
  };
}

/** One for every column that is ruined, and one for every sabotage that changes what it starts from. */
function healthyTwins(cells: readonly PlannedCell[], repeats: number): Task[] {
  const twins = new Map<string, Task & { kind: 'healthy' }>();
  for (const { sabotage, column } of cells) {
    const own = sabotage.prepare || sabotage.needs ? sabotage.name : '';
    const key = `${column.component} ${column.label} ${own}`;
    if (!twins.has(key)) twins.set(key, { kind: 'healthy', column, repeat: 1, ...(own !== '' && { sabotage }) });
  }
  return Array.from({ length: repeats }, (_, index) =>
    [...twins.values()].map((twin) => ({ ...twin, repeat: index + 1 })),
  ).flat();
}

/** Cells end in whatever order; the matrix has that of the plan. */
function inOrder(cells: readonly SabotageCell[], planned: readonly PlannedCell[]): SabotageCell[] {
  return planned.flatMap(({ sabotage, column }) =>
    cells.filter(
      (cell) => cell.sabotage === sabotage.name && cell.component === column.component && cell.path === column.label,
    ),
  );
}
