import { readFileSync } from 'node:fs';
import { lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Tried in this order: the account that Debian and others make for Postgres, then nobody. */
const NAMES = ['postgres', 'nobody'];

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The account to run servers under that refuse to run as root; undefined when the harness is not root. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = NAMES.map((name) => accounts.find((fields) => fields[0] === name)).find(Boolean);
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : { uid: 65_534, gid: 65_534 };
}

/** Gives a folder and all in it to an account, as a data folder restored by root needs it. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  await lchown(folder, account.uid, account.gid);
  for (const entry of await readdir(folder, { recursive: true }))
    await lchown(join(folder, entry), account.uid, account.gid);
}
