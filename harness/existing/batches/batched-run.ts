import { type JournalLine, readJournal } from '../../engine/journal.ts';
import { RunFolder } from '../../engine/run-folder.ts';
import { given, type RunState } from '../../engine/run-state.ts';
import type { Batches, Rehearsal } from '../../model/drill.ts';
import type { PartedBackup } from '../../model/source.ts';
import { DiskBudget } from './disk-budget.ts';

/** A run whose files come and go in batches: what all of its steps need. */
export interface BatchedRun {
  readonly state: RunState<Rehearsal>;
  readonly batches: Batches;
  readonly budget: DiskBudget;
  /** The run that this one goes on with: its folder, and what it wrote down. */
  readonly earlier?: { readonly id: string; readonly folder: RunFolder; readonly journal: readonly JournalLine[] };
}

/** A backup that has been looked into, with all that it lists recorded. */
export interface ListedBackup {
  readonly backup: PartedBackup;
  readonly files: number;
}

/** Reads what an earlier run left, when there is one to go on with. */
export function batchedRun(state: RunState<Rehearsal>): BatchedRun {
  const batches = given(state.drill.batches, 'the batches');
  const run = { state, batches, budget: new DiskBudget(batches.maxDiskBytes) };
  if (!batches.resumes) return run;
  const { id, folder: path } = batches.resumes;
  const folder = new RunFolder(path);
  return { ...run, earlier: { id, folder, journal: readJournal(folder.journal) } };
}
