import { untilServing } from '../../engine/phases/serve.ts';
import { given, type RunState } from '../../engine/run-state.ts';
import type { Rehearsal } from '../../model/drill.ts';
import { World } from '../../model/target.ts';
import { noteFailure } from '../restore/restore-found.ts';
import { type BatchedRun, batchedRun, type ListedBackup } from './batched-run.ts';
import { keepSome } from './keep-some.ts';
import { openListed } from './open-listed.ts';
import { restoreBeside } from './restore-beside.ts';
import { diskInWords, runBatches } from './run-batches.ts';
import { asChanged } from './same-backup.ts';

/**
 * Restores the database, then the files in batches that fit beside it on the disk: each is hashed and dropped, and of all
 * of them only what the workload looks at comes back once more at the end. What it records is what a restore of all
 * of them at once would have left as evidence, so that the same checks judge it.
 */
export async function restoreBatched(state: RunState<Rehearsal>): Promise<string> {
  const run = batchedRun(state);
  const { component } = run.batches;
  state.struck = [];
  state.resumable = true;
  state.restored = new World([]);
  const others = state.drill.workload.restoreOrder.filter((name) => state.drill.paths[name] && name !== component);
  const listed = await guarded(run, component, () => openListed(run));
  for (const other of listed ? others : []) {
    const world = await guarded(run, other, () => restoreBeside(run, other, given(state.restored, 'the world')));
    if (world) state.restored = world;
  }
  const beside = state.restored;
  if (listed && beside.names.length === others.length) await guarded(run, component, () => restoreFiles(run, listed));
  else if (listed)
    state.notTested.push({ what: component, why: `without the ${others.join(', ')} nothing says what must be in it` });
  for (const name of state.restored.names)
    state.identities.push({ component: name, before: '', after: state.restored.target(name).identity });
  if (state.struck.length === others.length + 1) await untilServing(state);
  notTimed(run);
  state.facts['largest disk use'] = diskInWords(run);
  return `${state.struck.length} of ${others.length + 1} components${state.ready?.ready ? ', serving' : ''}; at most ${diskInWords(run)} on the disk at once`;
}

async function restoreFiles(run: BatchedRun, listed: ListedBackup): Promise<void> {
  const { state, batches } = run;
  const { component } = batches;
  const beside = given(state.restored, 'the restored world');
  const { records, report, whole } = await runBatches(run, listed, beside);
  state.facts[`batches of ${component}`] = records.length;
  const { volume, paths } = await keepSome(run, listed, beside);
  const receipt = await listed.backup.receipt(report ? [report] : []);
  state.receipts.push(receipt);
  state.journal.write('receipt', { receipt });
  state.restored = beside.with([[component, volume]]);
  state.kept.set(component, paths);
  (whole ? state.struck : state.halfRestored).push(component);
}

/** An error ends the restore of one component and becomes a failure of the run; only an interruption ends all of it. */
async function guarded<T>(
  { state, earlier }: BatchedRun,
  component: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (state.signal.aborted) throw error;
    noteFailure(state, component, earlier ? asChanged(error) : error);
    return undefined;
  }
}

/** Nobody restores like this in an emergency: what it takes says nothing of the time that would take. */
function notTimed({ state, batches, earlier }: BatchedRun): void {
  delete state.componentRto[batches.component];
  state.readySeconds = null;
  const gone = earlier ? `, and goes on with the run ${earlier.id} that was cut short` : '';
  if (earlier) state.facts['goes on with'] = earlier.id;
  state.notTested.push({
    what: `the time to restore ${batches.component}, and all of it`,
    why: `it came and went in batches for lack of disk${gone}, which is not how an emergency restores`,
  });
}
