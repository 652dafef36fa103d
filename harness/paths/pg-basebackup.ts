import type { BackupContext, BackupPath, InMatrix, Receipt, RestoreContext } from '../model/path.ts';
import { pgStep } from './objects/libpq.ts';
import { retainObjects } from './objects/retain.ts';
import { digestStep, stamp, storedReceipt } from './objects/stored-files.ts';
import { openTransfer, S3_CLIENTS } from './objects/transfer.ts';

const NAME = 'pg-basebackup';
const FILES = ['base.tar.gz', 'pg_wal.tar.gz', 'backup_manifest'];

/** Copies a whole Postgres server while it runs, with the WAL that makes the copy consistent; a new server starts on it. */
export function pgBasebackup(): BackupPath<'postgres'> {
  return {
    name: NAME,
    protects: 'postgres',
    programs: ['pg_basebackup', 'tar', 'gzip', 'sha256sum'],
    oneOf: S3_CLIENTS,
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: false,
    },
    options: {},
    backup,
    restore,
    retain: retainObjects,
  };
}

async function backup(context: BackupContext<'postgres'>): Promise<Receipt> {
  const startedAt = new Date();
  const transfer = await openTransfer(context);
  const { component, source } = context;
  const prefix = `basebackup/${component}/${stamp(context.at)}/`;
  const report = await context.run({
    name: `${component}.backup`,
    volumes: [],
    steps: (scratch) => [
      pgStep(source, 'pg_basebackup', [
        ...[
          '--pgdata',
          `${scratch}/base`,
          '--format=tar',
          '--gzip',
          '--wal-method=stream',
          '--checkpoint=fast',
          '--label',
          'drill',
        ],
      ]),
      digestStep(`${scratch}/base`, ...FILES),
      transfer.uploadFolder(`${scratch}/base`, prefix.slice(0, -1)),
    ],
  });
  return await storedReceipt(context, { path: NAME, startedAt, report, prefix }, { prefix, server: source.version });
}

async function restore({ receipt, target, ...context }: RestoreContext<'postgres'>): Promise<void> {
  const transfer = await openTransfer(context);
  const { path } = target.data;
  const unpack = (scratch: string, file: string, folder: string) =>
    ({
      program: 'tar',
      args: ['--extract', '--gzip', '--file', `${scratch}/base/${file}`, '--directory', folder],
      phase: 'load',
    }) as const;
  await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: target.data }],
    steps: (scratch) => [
      transfer.downloadFolder(String(receipt.details.prefix).slice(0, -1), `${scratch}/base`),
      unpack(scratch, 'base.tar.gz', path),
      unpack(scratch, 'pg_wal.tar.gz', `${path}/pg_wal`),
    ],
  });
  await target.start();
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 3, forFirst: [pgBasebackup()] };
