import { DrillError } from '../../model/error.ts';
import type { PathContext, Receipt, Retention } from '../../model/path.ts';
import type { Snapshots } from '../../model/snapshots.ts';
import type { Database, Volume } from '../../model/target.ts';
import { keptBy, retainObjects } from '../objects/retain.ts';
import { receiptOf } from '../objects/stored-files.ts';
import { exportSnapshot, restoreExport } from './export-snapshot.ts';

const NAME = 'volume-snapshot';

/** What may be said of any snapshot. */
export interface TakeOptions {
  /** The class of snapshots; the default one of the volume's driver when it is left out. */
  readonly class?: string;
  /** Whether the snapshot is copied into the backup store, where it outlives namespace and cluster. */
  readonly export?: boolean;
}

/** Takes a snapshot, and copies it into the backup store where that is asked for. */
export async function takeSnapshot(
  context: PathContext & { readonly source: Volume | Database },
  options: TakeOptions,
  details: Receipt['details'] = {},
): Promise<Receipt> {
  const startedAt = new Date();
  const snapshots = offered(context);
  const { id, driver, size, class: snapshotClass } = await snapshots.take(context.source, options.class);
  const exported = options.export ? await exportSnapshot(context, await snapshots.open(id)) : undefined;
  const receipt = receiptOf(context, NAME, startedAt, [], {
    id,
    objects: exported?.objects ?? [],
    details: {
      ...details,
      ...exported?.details,
      class: snapshotClass,
      size,
      exported: exported !== undefined,
      at: context.at.toISOString(),
    },
  });
  return { ...receipt, tools: [{ program: driver, version: snapshotClass }, ...(exported?.tools ?? [])] };
}

/** Fills an unused volume from the snapshot, or from its copy in the backup store when the snapshot is gone. */
export async function fillFrom(context: PathContext & { readonly receipt: Receipt }, target: Volume): Promise<void> {
  const { receipt, component } = context;
  const snapshots = offered(context);
  if (await snapshots.has(receipt.id)) return await snapshots.fill(target, receipt.id);
  if (receipt.details.exported) return await restoreExport(context, target);
  throw new DrillError({
    code: 'snapshot-gone',
    where: `path/${NAME}`,
    what: `The snapshot ${receipt.id} of ${component} is no longer there: a snapshot ends with the namespace and the cluster that it lies in, so it is no backup against their loss.`,
    next: 'copy snapshots into the backup store as well (the option `export: true` of the path), or add a path that writes there.',
    blame: 'backup',
  });
}

/** Deletes snapshots, and their copies, that the retention does not keep; gives the ids of those that it keeps. */
export async function retainSnapshots(
  context: PathContext,
  retention: Retention,
  receipts: readonly Receipt[],
): Promise<string[]> {
  const kept = new Set(keptBy(retention, receipts));
  for (const { id } of receipts) if (!kept.has(id)) await offered(context).remove(id);
  return await retainObjects(context, retention, receipts);
}

function offered({ snapshots, component }: PathContext): Snapshots {
  if (snapshots) return snapshots;
  throw new DrillError({
    code: 'substrate-cannot',
    where: `path/${NAME}`,
    what: `${component} was to be copied by a snapshot of its storage, and there is no storage here that takes any.`,
    next: 'run the drill with `--on kind`, or choose another path.',
    blame: 'usage',
  });
}
