import { readFileSync } from 'node:fs';
import { lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from '../../model/error.ts';

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

/**
 * Gives a folder and all in it to an account, as a data folder restored by root needs it. It enters no link: what a link
 * leads to belongs to somebody else, and a folder that holds anything but files and folders is refused.
 */
export async function giveTo(account: Account, folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(account, path);
    else if (entry.isFile()) await lchown(path, account.uid, account.gid);
    else throw notPlain(path);
  }
  // Last: until then nobody else can put anything into it.
  await lchown(folder, account.uid, account.gid);
}

function notPlain(path: string): DrillError {
  return new DrillError({
    code: 'data-not-plain',
    where: 'substrate/local',
    what: `${JSON.stringify(path)} is neither a file nor a folder, and so it was not given to the account of the server.`,
    next: 'see how it has come into the data folder: a server of a drill makes no links, and no backup may bring any.',
    blame: 'environment',
  });
}
