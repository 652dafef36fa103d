import { kindOf } from '../../kinds/kinds.ts';
import type { Drill } from '../../model/drill.ts';
import type { BackupPath, PathContext, Receipt } from '../../model/path.ts';
import type { ComponentKind, Target } from '../../model/target.ts';
import { readBackupInfo } from '../backup-info.ts';
import { given, type Part, storeOf, substrateOf } from '../made.ts';
import { pathContext } from '../path-context.ts';
import type { Run } from '../run.ts';
import { timed, timedSlot } from '../timed.ts';
import { BUCKET } from './provision.ts';
import { addSteps, restoreEach, timeRestore } from './restore-each.ts';
import { untilServing } from './serve.ts';

type Restore = Part<'opened' | 'provisioned' | 'struck', 'restored', Drill>;

/** Restores every struck component to a new place, one after the other, then waits until the workload serves again. */
export async function restore(run: Run, made: Restore): Promise<string> {
  await renewPlace(run, made);
  const info = await readBackupInfo(storeOf(made).bucket);
  const { opened, provisioned, restored } = made;
  const { workload } = opened.drill;
  const struck = made.struck.components;
  const order = workload.restoreOrder.filter((name) => struck.includes(name));
  restored.world = given(provisioned.world, 'the world');
  await restoreEach(run, made, order, async (component, begin) => {
    const own = info.receipts.find((one) => one.component === component);
    return await restoreOne(run, made, given(own, `the receipt of ${component}`), begin);
  });
  restored.isComplete = restored.whole.length === struck.length;
  if (restored.isComplete && !workload.server?.writes) await untilServing(run, made);
  return `${restored.whole.length} of ${struck.length} components${restored.ready?.ready ? ', serving again' : ''}`;
}

/** A disaster that took the place itself leaves no room to restore into: a new one is made first, and counts. */
async function renewPlace(run: Run, { opened, restored }: Restore): Promise<void> {
  const substrate = substrateOf(opened);
  const { cluster } = substrate;
  const { takes } = opened.drill.disaster;
  if (!takes || !cluster) return;
  const startedMs = performance.now();
  const name = `new ${takes}`;
  run.listener.step(`making a ${name}`);
  const made = await timed(run, { name, kind: 'service' }, () => cluster.recreate());
  restored.place = { name, seconds: (performance.now() - startedMs) / 1000 };
  run.log.facts[name] = made;
  // Both lay outside of what was taken; the way to them did not.
  restored.store = { vault: await substrate.vault(), bucket: await substrate.bucket(BUCKET) };
}

async function restoreOne(run: Run, made: Restore, receipt: Receipt, begin: (place: Target) => void): Promise<Target> {
  const { opened, restored } = made;
  const { component } = receipt;
  const path = given(opened.drill.paths[component], `the path of ${component}`);
  const errand = { component, at: new Date(receipt.startedAt), store: storeOf(made) };
  const context = pathContext(run, opened, errand);
  return await timeRestore(run, restored, { name: `${component} by ${path.name}`, component }, async (spent) => {
    const runJob: PathContext['run'] = async (job) => {
      const report = await context.run(job);
      addSteps(spent, report);
      return report;
    };
    const kind = kindOf({ kind: path.protects });
    const place = await kind.place(substrateOf(opened), `${component}-restored`, opened.drill.workload.name);
    const target = 'start' in place ? timedSlot<Target>(run, component, place) : place;
    if ('kind' in target) begin(target);
    // Which kind it is was just chosen by the path's own kind; the types cannot follow a pair of values.
    await (path as BackupPath<ComponentKind>).restore({ ...context, run: runJob, receipt, target } as never);
    return 'start' in target ? await target.start() : target;
  });
}
