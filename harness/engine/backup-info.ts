import type { Receipt } from '../model/path.ts';
import type { Bucket } from '../model/target.ts';
import type { Workload } from '../model/workload.ts';

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
export async function writeBackupInfo(
  bucket: Bucket,
  run: string,
  { name, version }: Workload,
  receipts: readonly Receipt[],
): Promise<void> {
  const createdAt = new Date().toISOString();
  const info: BackupInfo = { formatVersion: 1, run, createdAt, workload: { name, version }, receipts };
  await bucket.put(KEY, Buffer.from(JSON.stringify(info, null, 2)));
}

/** Reads it back: after a disaster there is nothing else to start from. */
export async function readBackupInfo(bucket: Bucket): Promise<BackupInfo> {
  return JSON.parse(Buffer.from(await bucket.get(KEY)).toString('utf8')) as BackupInfo;
}
