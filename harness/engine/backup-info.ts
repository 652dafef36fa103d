import type { Receipt } from '../model/path.ts';
import { given, type RunState } from './run-state.ts';

const KEY = 'backup-info.json';

/** The combined manifest of a backup set, kept beside the backups: all that a restore starts from. */
export interface BackupInfo {
  readonly formatVersion: 1;
  readonly run: string;
  readonly createdAt: string;
  readonly workload: { readonly name: string; readonly version: string };
  readonly receipts: readonly Receipt[];
}

/** Writes what was backed up, when, by which tool and version, with checksums, into the backup store. */
export async function writeBackupInfo(state: RunState): Promise<void> {
  const info: BackupInfo = {
    formatVersion: 1,
    run: state.id,
    createdAt: new Date().toISOString(),
    workload: { name: state.drill.workload.name, version: state.drill.workload.version },
    receipts: state.receipts,
  };
  await given(state.bucket, 'the bucket').put(KEY, Buffer.from(JSON.stringify(info, null, 2)));
}

/** Reads it back: after a disaster there is nothing else to start from. */
export async function readBackupInfo(state: RunState): Promise<BackupInfo> {
  const bytes = await given(state.bucket, 'the bucket').get(KEY);
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as BackupInfo;
}
