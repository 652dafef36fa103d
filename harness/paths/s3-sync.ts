import type { BackupContext, BackupPath, InMatrix, Receipt, RestoreContext } from '../model/path.ts';
import { receiptOf } from './objects/stored-files.ts';
import { openTransfer, S3_CLIENTS, type S3Client } from './objects/transfer.ts';

const NAME = 's3-sync';

/** How a volume is copied into the backup store. */
export interface S3SyncOptions {
  /** Which client copies; by default the one that is at hand. */
  readonly client?: S3Client;
  /** Folders of the volume to leave out because the workload can make them again; the markers of folders are kept. */
  readonly leaveOut?: readonly string[];
}

/**
 * Copies a volume file by file into the backup store, as `aws s3 sync` or `rclone copy` do: new and changed files are
 * added, nothing is ever deleted. A file that changed while its size and time stayed is passed over.
 */
export function s3Sync({ client, leaveOut = [] }: S3SyncOptions = {}): BackupPath<'volume'> {
  return {
    name: NAME,
    protects: 'volume',
    programs: [],
    oneOf: client ? [client] : S3_CLIENTS,
    promises: {
      // An object store has neither modes nor owners nor empty folders; of the times only rclone keeps a copy.
      keeps: { mode: false, owner: false, mtime: client === 'rclone', emptyFolders: false },
      leavesOut: leaveOut,
      quiesce: false,
    },
    options: { client: client ?? 'any', leaveOut },
    backup: (context) => backup(context, client, leaveOut),
    restore: (context) => restore(context, client),
    // Append-only: there is one copy, which no retention may thin out.
    retain: async (_context, _retention, receipts) => receipts.map(({ id }) => id),
  };
}

async function backup(
  context: BackupContext<'volume'>,
  client: S3Client | undefined,
  leaveOut: readonly string[],
): Promise<Receipt> {
  const startedAt = new Date();
  const transfer = await openTransfer(context, client);
  const prefix = `sync/${context.component}`;
  const report = await context.run({
    name: `${context.component}.backup`,
    volumes: [{ volume: context.source, readOnly: true }],
    steps: () => [
      transfer.uploadFolder(context.source.path, prefix, { folders: leaveOut, markers: context.folderMarkers }),
    ],
  });
  return receiptOf(context, NAME, startedAt, [report], {
    id: `${prefix}@${context.at.toISOString()}`,
    objects: [],
    details: { prefix, at: context.at.toISOString() },
  });
}

async function restore(
  { receipt, target, ...context }: RestoreContext<'volume'>,
  client: S3Client | undefined,
): Promise<void> {
  const transfer = await openTransfer(context, client);
  await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: target }],
    steps: () => [transfer.downloadFolder(String(receipt.details.prefix), target.path)],
  });
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 2, forFirst: [s3Sync()] };
