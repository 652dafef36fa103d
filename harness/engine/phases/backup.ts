import { parseDuration } from '../../model/duration.ts';
import type { AnyBackupPath, BackupPath, PathContext, Receipt } from '../../model/path.ts';
import type { ComponentKind, Target } from '../../model/target.ts';
import { writeBackupInfo } from '../backup-info.ts';
import { Ledger } from '../ledger.ts';
import { pathContext } from '../path-context.ts';
import { given, protectedComponents, type RunState } from '../run-state.ts';
import { timed, WAITING_FOR_WRITES } from '../timed.ts';

/** Writes on each side of the backup that the canary check asks for; one more than it needs. */
const CANARIES = 2;

/** Backs every component up with its path while users go on writing; older sets first, then the one to be restored. */
export async function backup(state: RunState): Promise<string> {
  startLedger(state);
  await letUsersWrite(state, CANARIES);
  const older: Receipt[] = [];
  for (const age of state.drill.olderSets ?? []) {
    const at = new Date(Date.now() - (parseDuration(age) ?? 0) * 1000);
    older.push(...(await backupSet(state, at, `.${age}`)));
  }
  state.receipts = await backupSet(state, new Date(), '');
  await writeBackupInfo(state);
  if (state.drill.retention) await retain(state, older);
  return state.receipts.map(({ component, path }) => `${component} by ${path}`).join(', ');
}

function startLedger(state: RunState): void {
  const world = given(state.world, 'the world');
  const ledger = Ledger.start(`${state.folder.path}/ledger.jsonl`, (sequence) =>
    state.drill.workload.write(world, sequence),
  );
  state.ledger = ledger;
  state.scope.add('ledger', () => ledger.abandon());
}

async function backupSet(state: RunState, at: Date, suffix: string): Promise<Receipt[]> {
  const order = state.drill.backupOrder ?? state.drill.workload.backupOrder;
  const receipts: Receipt[] = [];
  for (const component of order.filter((name) => protectedComponents(state.drill).includes(name))) {
    const path = given(state.drill.paths[component], `the path of ${component}`);
    state.listener.step(`${component} with ${path.name}${suffix}`);
    const receipt = await timed(state, { name: `${component}${suffix} by ${path.name}`, component }, () =>
      backupOne(state, component, path, pathContext(state, component, at)),
    );
    state.journal.write('receipt', { receipt });
    receipts.push(receipt);
    // A write lands between any two backups, so that the order in which they are made shows.
    await letUsersWrite(state, 1);
  }
  return receipts;
}

async function backupOne(
  state: RunState,
  component: string,
  path: AnyBackupPath,
  context: PathContext,
): Promise<Receipt> {
  const source: Target = given(state.world, 'the world').target(component);
  if (source.kind !== path.protects)
    throw new Error(`${path.name} protects ${path.protects}, and ${component} is ${source.kind}`);
  // Which kind it is has just been compared; the types cannot follow a pair of values.
  const work = () => (path as BackupPath<ComponentKind>).backup({ ...context, source });
  return path.promises.quiesce && state.ledger ? await state.ledger.quiesced(work) : await work();
}

async function retain(state: RunState, older: readonly Receipt[]): Promise<void> {
  const retention = given(state.drill.retention, 'the retention');
  state.retained = {};
  for (const newest of state.receipts) {
    const path = given(state.drill.paths[newest.component], `the path of ${newest.component}`);
    const receipts = [...older.filter(({ component }) => component === newest.component), newest];
    const context = pathContext(state, newest.component, new Date());
    const kept = await timed(state, { name: `${newest.component} retention`, component: newest.component }, () =>
      path.retain(context, retention, receipts),
    );
    state.retained[newest.component] = kept;
    state.journal.write('retained', { component: newest.component, made: receipts.length, kept });
  }
}

/** Lets users write on after the backup: what must be absent later. */
export async function writeAfter(state: RunState): Promise<string> {
  await letUsersWrite(state, CANARIES);
  return `${state.ledger?.entries.length ?? 0} writes in the ledger`;
}

async function letUsersWrite(state: RunState, count: number): Promise<void> {
  await timed(state, { name: WAITING_FOR_WRITES }, async () => await state.ledger?.grow(count));
}
