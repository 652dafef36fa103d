import type { Drill } from '../../model/drill.ts';
import { parseDuration } from '../../model/duration.ts';
import type { AnyBackupPath, BackupPath, PathContext, Receipt, Retention } from '../../model/path.ts';
import type { ComponentKind, Target } from '../../model/target.ts';
import { writeBackupInfo } from '../backup-info.ts';
import { protectedComponents } from '../drill-parts.ts';
import { Ledger } from '../ledger.ts';
import { type BackedUp, given, type Part } from '../made.ts';
import { pathContext } from '../path-context.ts';
import type { Run } from '../run.ts';
import { timed, WAITING_FOR_WRITES } from '../timed.ts';

/** Writes on each side of the backup that the canary check asks for; one more than it needs. */
const CANARIES = 2;

/** What backing up reads and fills. */
type Backup = Part<'opened' | 'provisioned', 'backedUp', Drill>;

/** Backs every component up with its path while users go on writing; older sets first, then the one to be restored. */
export async function backup(run: Run, made: Backup): Promise<string> {
  const { opened, provisioned, backedUp } = made;
  const { drill } = opened;
  startLedger(run, made);
  await letUsersWrite(run, backedUp, CANARIES);
  const older: Receipt[] = [];
  for (const age of drill.olderSets ?? []) {
    const at = new Date(Date.now() - (parseDuration(age) ?? 0) * 1000);
    older.push(...(await backupSet(run, made, at, `.${age}`)));
  }
  backedUp.receipts = await backupSet(run, made, new Date(), '');
  const { bucket } = given(provisioned.store, 'the backup store');
  await writeBackupInfo(bucket, run.id, drill.workload, backedUp.receipts);
  if (drill.retention) await retain(run, made, drill.retention, older);
  return backedUp.receipts.map(({ component, path }) => `${component} by ${path}`).join(', ');
}

function startLedger({ folder, scope }: Run, { opened, provisioned, backedUp }: Backup): void {
  const world = given(provisioned.world, 'the world');
  const ledger = Ledger.start(`${folder.path}/ledger.jsonl`, (sequence) =>
    opened.drill.workload.write(world, sequence),
  );
  backedUp.ledger = ledger;
  scope.add('ledger', () => ledger.abort());
}

async function backupSet(run: Run, made: Backup, at: Date, suffix: string): Promise<Receipt[]> {
  const { drill } = made.opened;
  const store = given(made.provisioned.store, 'the backup store');
  const order = drill.backupOrder ?? drill.workload.backupOrder;
  const receipts: Receipt[] = [];
  for (const component of order.filter((name) => protectedComponents(drill).includes(name))) {
    const path = given(drill.paths[component], `the path of ${component}`);
    run.listener.step(`${component} with ${path.name}${suffix}`);
    const receipt = await timed(run, { name: `${component}${suffix} by ${path.name}`, component }, () =>
      backupOne(made, component, path, pathContext(run, made.opened, { component, at, store })),
    );
    run.journal.write('receipt', { receipt });
    receipts.push(receipt);
    // A write lands between any two backups, so that the order in which they are made shows.
    await letUsersWrite(run, made.backedUp, 1);
  }
  return receipts;
}

async function backupOne(
  { provisioned, backedUp }: Backup,
  component: string,
  path: AnyBackupPath,
  context: PathContext,
): Promise<Receipt> {
  const source: Target = given(provisioned.world, 'the world').target(component);
  if (source.kind !== path.protects)
    throw new Error(`${path.name} protects ${path.protects}, and ${component} is ${source.kind}`);
  // Which kind it is has just been compared; the types cannot follow a pair of values.
  const work = () => (path as BackupPath<ComponentKind>).backup({ ...context, source });
  return path.promises.quiesce && backedUp.ledger ? await backedUp.ledger.quiesced(work) : await work();
}

async function retain(
  run: Run,
  { opened, provisioned, backedUp }: Backup,
  retention: Retention,
  older: readonly Receipt[],
): Promise<void> {
  const store = given(provisioned.store, 'the backup store');
  const retained: Record<string, string[]> = {};
  backedUp.retained = retained;
  for (const newest of backedUp.receipts) {
    const path = given(opened.drill.paths[newest.component], `the path of ${newest.component}`);
    const receipts = [...older.filter(({ component }) => component === newest.component), newest];
    const context = pathContext(run, opened, { component: newest.component, at: new Date(), store });
    const kept = await timed(run, { name: `${newest.component} retention`, component: newest.component }, () =>
      path.retain(context, retention, receipts),
    );
    retained[newest.component] = kept;
    run.journal.write('retained', { component: newest.component, made: receipts.length, kept });
  }
}

/** Lets users write on after the backup: what must be absent later. */
export async function writeAfter(run: Run, { backedUp }: Part<'backedUp'>): Promise<string> {
  await letUsersWrite(run, backedUp, CANARIES);
  return `${backedUp.ledger?.entries.length ?? 0} writes in the ledger`;
}

async function letUsersWrite(run: Run, { ledger }: Readonly<BackedUp>, count: number): Promise<void> {
  await timed(run, { name: WAITING_FOR_WRITES }, async () => await ledger?.grow(count));
}
