import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runDrill } from '../engine/engine.ts';
import type { Drill } from '../model/drill.ts';
import type { CheckResult, RunResult } from '../model/result.ts';
import type { Sabotage, SabotageContext } from '../model/sabotage.ts';
import type { HealthyTwin, SabotageCell } from '../model/sabotage-result.ts';
import type { Substrate, SubstrateContext } from '../model/substrate.ts';
import { cellDrill } from './cell-drill.ts';
import type { Column } from './columns.ts';
import { complaintsOf, gotThrough } from './judge-cell.ts';
import type { PlannedCell } from './plan.ts';

/** How the runs of a matrix are made. */
export interface CellOptions {
  /** Where the folders of the runs go. */
  readonly runsFolder: string;
  readonly signal: AbortSignal;
  openSubstrate(context: SubstrateContext): Promise<Substrate>;
}

const SILENT = { phaseStarted: () => {}, phaseEnded: () => {}, step: () => {} };

/** Runs the ruined drill of one cell to its end, and says whether it was caught. */
export async function runCell(
  drill: Drill,
  { sabotage, column }: PlannedCell,
  options: CellOptions,
): Promise<SabotageCell> {
  const harmed = new Set<string>();
  await using undoing = new AsyncDisposableStack();
  const fault: SabotageContext = {
    component: column.component,
    harmed: (name) => harmed.add(name),
    afterwards: (undo) => undoing.defer(undo),
  };
  const healthy = cellDrill(drill, column, sabotage);
  const ruined = await sabotage.ruin(healthy, fault);
  if (ruined.workload.checks !== healthy.workload.checks || ruined.checks !== healthy.checks)
    throw new Error(`${sabotage.name} changes the judges`);
  const result = await runQuietly(ruined, options, (substrate) => sabotage.meddle?.(substrate, fault) ?? substrate);
  const { expects, ruinsSurroundings } = sabotage;
  const read = (check: CheckResult) => findingsOf(result, check);
  const complaints = complaintsOf(result, expects, [...harmed], read, ruinsSurroundings);
  const judged = { harmed: [...harmed], complaints, verdict: result.verdict };
  const why = gotThrough(judged);
  if (why === '') await thinOut(result);
  return {
    ...identified(sabotage, column),
    ...judged,
    outcome: why === '' ? 'caught' : 'missed',
    why,
    exitCode: result.exitCode,
    ...told(result),
  };
}

/** Runs the drill of a column as it should be: whatever does not pass is a false alarm. */
export async function runHealthy(
  drill: Drill,
  { sabotage, column }: { readonly sabotage?: Sabotage; readonly column: Column },
  repeat: number,
  options: CellOptions,
): Promise<HealthyTwin> {
  const result = await runQuietly(cellDrill(drill, column, sabotage), options);
  const passed = result.verdict === 'pass' && result.exitCode === 0;
  if (passed) await thinOut(result);
  const why = complaintsOf(result, [], [], () => '').map(({ by, said }) => `${by}: ${said}`);
  return { component: column.component, path: column.label, repeat, passed, why: why.join('; '), ...told(result) };
}

/** Runs a drill to its end without a word, on the substrate or on what is made of it. */
export async function runQuietly(
  drill: Drill,
  { runsFolder, signal, openSubstrate }: CellOptions,
  meddle: (substrate: Substrate) => Substrate = (substrate) => substrate,
): Promise<RunResult> {
  return await runDrill(drill, {
    runsFolder,
    keep: 'never',
    signal,
    listener: SILENT,
    openSubstrate: async (context) => meddle(await openSubstrate(context)),
  });
}

function identified({ name, summary, where }: Sabotage, { component, label }: Column) {
  return { sabotage: name, summary, where, component, path: label };
}

function told({ run }: RunResult) {
  return { startedAt: run.startedAt, seconds: run.seconds, run: run.folder };
}

function findingsOf(result: RunResult, { evidence, findings }: CheckResult): string {
  const file = join(result.run.folder, evidence);
  return evidence !== '' && existsSync(file) ? decoded(readFileSync(file, 'utf8')) : decoded(JSON.stringify(findings));
}

/** Names with letters that JSON escapes are compared as they are. */
function decoded(lines: string): string {
  return lines.replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}

/** The lists of what was there before and after are large, and of use only where something was missed. */
export async function thinOut({ run }: RunResult): Promise<void> {
  for (const name of await readdir(join(run.folder, 'evidence')))
    if (name === 'before' || name === 'after')
      await rm(join(run.folder, 'evidence', name), { recursive: true, force: true });
}
