import { given } from '../../engine/made.ts';
import { noteFailure } from '../../engine/note-failure.ts';
import { noteIdentities } from '../../engine/phases/restore-each.ts';
import { untilServing } from '../../engine/phases/serve.ts';
import type { Run } from '../../engine/run.ts';
import { World } from '../../model/target.ts';
import type { RestoreFound } from '../restore/restore-found.ts';
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
export async function restoreBatched(run: Run, made: RestoreFound): Promise<string> {
  const batched = batchedRun(run, made);
  const { component } = batched.batches;
  const { opened, restored } = made;
  const { workload, paths } = opened.drill;
  restored.isResumable = true;
  restored.world = new World([]);
  const others = workload.restoreOrder.filter((name) => paths[name] && name !== component);
  const listed = await guarded(batched, component, () => openListed(batched));
  for (const other of listed ? others : []) await guarded(batched, other, () => restoreBeside(batched, other));
  if (listed && restored.whole.length === others.length)
    await guarded(batched, component, () => restoreFiles(batched, listed));
  else if (listed)
    run.log.notTested.push({
      what: component,
      why: `without the ${others.join(', ')} nothing says what must be in it`,
    });
  noteIdentities(restored);
  if (restored.whole.length === others.length + 1) await untilServing(run, made);
  notTimed(batched);
  run.log.facts['largest disk use'] = diskInWords(batched);
  return `${restored.whole.length} of ${others.length + 1} components${restored.ready?.ready ? ', serving' : ''}; at most ${diskInWords(batched)} on the disk at once`;
}

async function restoreFiles(batched: BatchedRun, listed: ListedBackup): Promise<void> {
  const { run, batches } = batched;
  const { restored } = batched.made;
  const { component } = batches;
  const beside = given(restored.world, 'the restored world');
  const { records, report, whole } = await runBatches(batched, listed, beside);
  run.log.facts[`batches of ${component}`] = records.length;
  const { volume, paths } = await keepSome(batched, listed, beside);
  const receipt = await listed.backup.receipt(report ? [report] : []);
  restored.receipts.push(receipt);
  run.journal.write('receipt', { receipt });
  restored.world = beside.with([[component, volume]]);
  restored.kept.set(component, paths);
  (whole ? restored.whole : restored.half).push(component);
}

/** An error ends the restore of one component and becomes a failure of the run; only an interruption ends all of it. */
async function guarded<T>(
  { run, made, earlier }: BatchedRun,
  component: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (run.signal.aborted) throw error;
    noteFailure(run, made.opened, earlier ? asChanged(error) : error, { component });
    return undefined;
  }
}

/** Nobody restores like this in an emergency: what it takes says nothing of the time that would take. */
function notTimed({ run: { log }, made: { restored }, batches, earlier }: BatchedRun): void {
  delete restored.rto[batches.component];
  restored.readySeconds = null;
  const gone = earlier ? `, and goes on with the run ${earlier.id} that was cut short` : '';
  if (earlier) log.facts['goes on with'] = earlier.id;
  log.notTested.push({
    what: `the time to restore ${batches.component}, and all of it`,
    why: `it came and went in batches for lack of disk${gone}, which is not how an emergency restores`,
  });
}
