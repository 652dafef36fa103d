import type { BackupContext, BackupPath, Receipt } from '../model/path.ts';
import { whyNoSnapshots } from '../model/snapshots.ts';

/**
 * Lets a path read a snapshot of the volume where the storage takes snapshots, and the volume itself elsewhere: the copy
 * then shows one moment, however long it takes. The snapshot goes when it has been read.
 */
export function fromSnapshot(path: BackupPath<'volume'>): BackupPath<'volume'> {
  return {
    ...path,
    uses: ['snapshots'],
    options: { ...path.options, from: 'a snapshot, where the storage takes any' },
    backup: (context) => backup(path, context),
  };
}

async function backup(path: BackupPath<'volume'>, context: BackupContext<'volume'>): Promise<Receipt> {
  const { snapshots } = context;
  if (!snapshots || (await whyNoSnapshots(snapshots))) return await path.backup(context);
  const startedAt = new Date().toISOString();
  const taken = await snapshots.take(context.source);
  try {
    const opened = await snapshots.open(taken.id);
    try {
      const receipt = await path.backup({ ...context, source: opened });
      return {
        ...receipt,
        startedAt,
        tools: [{ program: taken.driver, version: taken.class }, ...receipt.tools],
        details: { ...receipt.details, snapshot: taken.id },
      };
    } finally {
      await opened.destroy();
    }
  } finally {
    await snapshots.remove(taken.id);
  }
}
