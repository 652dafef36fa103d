import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolderOf } from '../../machine/tools/toolbox/cache-folder.ts';
import type { Workplace } from './workplace.ts';

const NOBODY = 65_534;

/** How the command is started as an account that is neither root nor the one that the test runs as. */
export interface OtherAccount {
  readonly uid: number;
  readonly gid: number;
  readonly env: Readonly<Record<string, string>>;
}

/** An ordinary account with programs of its own below that folder, or in a clause why there is none. */
export async function otherAccount(folder: string): Promise<OtherAccount | string> {
  if (process.getuid?.() !== 0) return 'only root can start something as another account';
  const account = { uid: NOBODY, gid: NOBODY };
  const reads = await execa(process.execPath, ['--print', `require('node:fs').readdirSync('${import.meta.dirname}')`], {
    ...{ ...account, reject: false },
  });
  if (reads.failed) return 'Node or this folder is not open to other accounts';
  const cache = join(folder, 'cache');
  const tools = join(cacheFolderOf(process.env) ?? '', 'tools');
  mkdirSync(cache);
  if (existsSync(tools)) cpSync(tools, join(cache, 'tools'), { recursive: true, verbatimSymlinks: true });
  give(folder, account);
  return { ...account, env: { DRILL_CACHE: cache, HOME: folder } };
}

/** Hands a workplace over to an account. */
export function handOver({ folder }: Workplace, account: OtherAccount): void {
  give(folder, account);
  chmodSync(folder, 0o755);
}

function give(folder: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), uid, gid);
}
