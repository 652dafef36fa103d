import { chmodSync, chownSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DrillError } from '../../model/error.ts';
import { serverAccount } from '../processes/account.ts';

/** How everything of ours is called in a folder that others use, too. */
export const PREFIX = 'restore-drill-';
const PRIVATE = 0o700;
/** The account of the servers may walk through, not look around. */
const PASS_THROUGH = 0o710;
const WRITABLE_BY_OTHERS = 0o022;
const WRITABLE_BY_ALL = 0o002;
/** In such a folder nobody can rename what belongs to somebody else. */
const STICKY = 0o1000;
/** What paths in configurations and command lines of tools cannot bear; no name that anybody gives to a folder has it. */
const AWKWARD = /[\s'"`\\$,:;&|<>*?[\]{}()!#\p{Cc}]/u;

/** The folder above all work folders: `DRILL_WORK`, or one of this account alone in that for temporary files. */
export function workRoot(env: NodeJS.ProcessEnv = process.env): string {
  const { DRILL_WORK: given } = env;
  const root = given ? resolve(given) : join(tmpdir(), `${PREFIX}${process.getuid?.() ?? 'user'}`);
  if (!AWKWARD.test(root)) return root;
  throw new DrillError({
    code: 'work-folder-awkward',
    where: 'substrate/local',
    what: `The folder for the work of drills, ${JSON.stringify(root)}, has a character in its path that some backup tool takes for something else (a space, a quote, a colon ...).`,
    next: 'set DRILL_WORK to a folder whose path has letters, digits, dots, dashes and underscores.',
    blame: 'usage',
  });
}

/** The name of the work folder of a run: in a folder of our own it is short, since sockets of tools have little room. */
export function folderNameOf(runId: string, root: string): string {
  return isOfAccount(root) ? runId : `${PREFIX}${runId}`;
}

/** Whether a name in the folder above may be that of a work folder, also of one that is not complete yet. */
export function mayBeWorkFolder(name: string, root: string): boolean {
  return isOfAccount(root) || name.startsWith(PREFIX) || name.startsWith(`.${PREFIX}`);
}

/** Makes the folder above all work folders where it is missing; one in a public place must be ours alone. */
export function openWorkRoot(root: string): void {
  const made = mkdirSync(root, { recursive: true, mode: PRIVATE });
  if (isOfAccount(root)) {
    const status = lstatSync(root);
    const { uid, mode } = status;
    if (!status.isDirectory()) throw notOurs(root, 'is no folder');
    if (uid !== process.getuid?.()) throw notOurs(root, `belongs to the account ${uid}`);
    if ((mode & WRITABLE_BY_OTHERS) !== 0) throw notOurs(root, 'can be written by other accounts');
    letServersPass(root);
    return;
  }
  const { mode } = statSync(root);
  if ((mode & WRITABLE_BY_ALL) !== 0 && (mode & STICKY) === 0) throw notOurs(root, 'can be written by every account');
  // A folder of the user keeps the mode that it has.
  if (made !== undefined) for (let at = root; at.length >= made.length; at = dirname(at)) letServersPass(at);
}

/** Closes a folder to everybody but this account and, where servers run as another one, to that on its way through. */
export function letServersPass(folder: string): void {
  const account = serverAccount();
  if (account) chownSync(folder, process.getuid?.() ?? 0, account.gid);
  chmodSync(folder, account ? PASS_THROUGH : PRIVATE);
}

function isOfAccount(root: string): boolean {
  return basename(root) === `${PREFIX}${process.getuid?.() ?? 'user'}`;
}

function notOurs(root: string, why: string): DrillError {
  return new DrillError({
    code: 'work-root-not-ours',
    where: 'substrate/local',
    what: `${root}, where the work of drills goes, ${why}; it was expected to be a folder of this account alone. Nothing was written.`,
    next: 'find out who made it and remove it, or set DRILL_WORK to a folder of your own.',
    blame: 'environment',
  });
}
