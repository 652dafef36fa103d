import { type JournalLine, readJournal } from '../../engine/journal.ts';
import { given } from '../../engine/made.ts';
import type { Run } from '../../engine/run.ts';
import { RunFolder } from '../../engine/run-folder.ts';
import type { Batches } from '../../model/drill.ts';
import type { PartedBackup } from '../../model/source.ts';
import type { RestoreFound } from '../restore/restore-found.ts';
import { DiskBudget } from './disk-budget.ts';

/** A run whose files come and go in batches: what all of its steps need. */
export interface BatchedRun {
  readonly run: Run;
  readonly made: RestoreFound;
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
export function batchedRun(run: Run, made: RestoreFound): BatchedRun {
  const batches = given(made.opened.drill.batches, 'the batches');
  const batched = { run, made, batches, budget: new DiskBudget(batches.maxDiskBytes) };
  if (!batches.resumes) return batched;
  const { id, folder: path } = batches.resumes;
  const folder = new RunFolder(path);
  return { ...batched, earlier: { id, folder, journal: readJournal(folder.journal) } };
}
