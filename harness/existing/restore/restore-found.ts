import { given, type Part } from '../../engine/made.ts';
import { restoreEach } from '../../engine/phases/restore-each.ts';
import { untilServing } from '../../engine/phases/serve.ts';
import type { Run } from '../../engine/run.ts';
import type { Rehearsal } from '../../model/drill.ts';
import { World } from '../../model/target.ts';
import { type Attempt, restoreOne } from './restore-one.ts';

/** What restoring found backups reads and fills. */
export type RestoreFound = Part<'opened' | 'watched', 'restored', Rehearsal>;

/** Restores the backup of every component to a new place, one after the other, then asks the workload whether it serves. */
export async function restoreFound(run: Run, made: RestoreFound): Promise<string> {
  const { opened, restored } = made;
  const { workload, paths } = opened.drill;
  const wanted = workload.restoreOrder.filter((name) => paths[name]);
  restored.world = new World([]);
  await restoreEach(run, made, wanted, async (component, begin) => {
    const attempt: Attempt = { onTheWay: [], onVolume: begin };
    const receipt = await restoreOne(run, made, component, attempt);
    restored.receipts.push(receipt);
    run.journal.write('receipt', { receipt });
    return attempt.volume ?? (await given(attempt.slot, `the server of ${component}`).start());
  });
  restored.isComplete = restored.whole.length === wanted.length;
  // A server that changes what was restored is started only when all of it has been read.
  if (restored.isComplete && !workload.server?.writes) await untilServing(run, made);
  notTimed(run, made);
  notAged(run, made);
  return `${restored.whole.length} of ${wanted.length} components${restored.ready?.ready ? ', serving' : ''}`;
}

/** What a sample takes to restore says nothing of the time that the whole would take. */
function notTimed({ log }: Run, { restored }: RestoreFound): void {
  for (const { component, details } of restored.receipts) {
    if (details.sampled === undefined) continue;
    delete restored.rto[component];
    restored.readySeconds = null;
    log.notTested.push({
      what: `the time to restore ${component}`,
      why: `only a sample of ${details.sampled} files was restored, with what is needed to look at them`,
    });
  }
}

/** What the drill makes by itself is no backup that somebody had. */
function notAged({ log }: Run, { restored }: RestoreFound): void {
  for (const { component, id, details } of restored.receipts)
    if (details.madeByDrill === true)
      log.notTested.push({
        what: `whether there are backups of the ${component}, and how old they are`,
        why: `the drill has made one of ${id} by itself, as a job would tonight`,
      });
}
