import { createHash } from 'node:crypto';
import type { JournalLine } from '../../engine/journal.ts';
import { given } from '../../engine/made.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { Receipt } from '../../model/path.ts';
import type { Target, Volume, World } from '../../model/target.ts';
import { type Attempt, openingContext, restoreOne } from '../restore/restore-one.ts';
import { noted, ROWS } from './batch-records.ts';
import type { BatchedRun } from './batched-run.ts';
import { LoadWatch } from './load-watch.ts';
import { diskOf, diskOfServer } from './measure-disk.ts';
import { backupChanged } from './same-backup.ts';

const RECEIPT = 'receipt';

/** Restores a component that stays on the disk while the batches come and go, and drops what was needed on the way. */
export async function restoreBeside(batched: BatchedRun, component: string): Promise<void> {
  const { run, made, budget } = batched;
  const restored = given(made.restored.world, 'the restored world');
  const watch = new LoadWatch(budget, component);
  const attempt: Attempt = {
    onTheWay: [],
    room: budget.roomBytes,
    onServer: async (database) => {
      if (watch.begun) return;
      const context = openingContext(run, made, component, { restored, attempt });
      budget.note(`the dump of the ${component}`, await diskOf(context, attempt.onTheWay));
      watch.begin(database);
    },
  };
  const receipt = await watch.during(() => restoreOne(run, made, component, attempt));
  requireSame(batched, receipt);
  made.restored.receipts.push(receipt);
  run.journal.write(RECEIPT, { receipt });
  const target = attempt.volume ?? (await given(attempt.slot, `the server of ${component}`).start());
  await settle(batched, component, target, attempt.onTheWay);
  const world = restored.with([[component, target]]);
  if (kindOf(target).holds === 'rows') await digestRows(batched, component, world);
  made.restored.whole.push(component);
  made.restored.world = world;
}

/** Drops what is needed no more; what is left is what the batches must fit beside. */
async function settle(batched: BatchedRun, component: string, target: Target, onTheWay: Volume[]): Promise<void> {
  const { budget } = batched;
  budget.note(`the ${component}`, await sizeOf(batched, component, target));
  budget.require(`the ${component} and what it is made from`);
  for (const volume of onTheWay) await volume.destroy();
  budget.note(`the dump of the ${component}`, 0);
  if (target.kind === 'postgres') await target.query('CHECKPOINT');
  budget.note(`the ${component}`, await sizeOf(batched, component, target));
}

/** What a component takes on the disk now. */
export async function sizeOf({ run, made, budget }: BatchedRun, component: string, target: Target): Promise<number> {
  if (target.kind === 'postgres') return await diskOfServer(target);
  const attempt: Attempt = { onTheWay: [], room: budget.roomBytes };
  const restored = given(made.restored.world, 'the restored world');
  const context = openingContext(run, made, component, { restored, attempt });
  return target.kind === 'volume' ? await diskOf(context, [target]) : 0;
}

/** What the rows say of the files is what the batches are judged by: it must be the same in both halves of a run. */
async function digestRows({ run, made, earlier }: BatchedRun, component: string, world: World): Promise<void> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const reference of made.opened.drill.workload.references(world)) {
    hash.update(`${JSON.stringify(reference)}\n`);
    rows += 1;
  }
  const facts = { component, rows, sha256: hash.digest('hex') };
  const before = earlier && noted<typeof facts>(earlier.journal, ROWS);
  if (before && before.sha256 !== facts.sha256)
    throw backupChanged(
      `the rows of the ${component} spoke of ${before.rows} files, and now speak of ${rows}, not all the same`,
    );
  run.journal.write(ROWS, facts);
}

function requireSame({ earlier }: BatchedRun, now: Receipt): void {
  const of = ({ event, receipt }: JournalLine) => event === RECEIPT && (receipt as Receipt).component === now.component;
  const before = earlier?.journal.findLast(of)?.receipt as Receipt | undefined;
  if (!before) return;
  if (before.id !== now.id) throw backupChanged(`the ${now.component} came from ${before.id}, and now from ${now.id}`);
  const [old, young] = [before.details.sha256, now.details.sha256];
  if (old !== undefined && old !== young)
    throw backupChanged(`${now.id} had the SHA-256 ${old}, and now has ${young ?? 'none'}`);
}
