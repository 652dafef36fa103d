import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { serverAccount } from './account.ts';

/** The variable that every process of a run carries in its environment. */
export const RUN_VARIABLE = 'RESTORE_DRILL_RUN';
/** Sandboxes run as accounts of their own, which nobody else has. */
const FIRST_OF_SANDBOXES = 0x7000_0000;

/** Fields of `/proc/<pid>/stat`, counted from the state on. */
const STATE = 0;
const TERMINAL = 4;
const STARTED = 19;

/** When a process started, in whatever unit the system has: equal only for the same process. Undefined when it has ended. */
export function processStart(pid: number): string | undefined {
  if (process.platform !== 'linux') return startByPs(pid);
  const fields = statusOf(pid);
  const state = fields?.[STATE];
  return state === 'Z' || state === 'X' ? undefined : fields?.[STARTED];
}

/** Whether the very process that started then still runs. */
export function isSameProcess(pid: number, startedAt: string): boolean {
  return startedAt !== '' && processStart(pid) === startedAt;
}

/**
 * Processes that carry the run's id in their environment, or whose working folder lies in the run's work folder: they
 * are found even when the harness was killed before it could note them. Empty where the system has no `/proc`.
 */
export function processesOf(runId: string, workFolder: string): number[] {
  if (process.platform !== 'linux') return [];
  const ours = accountsOfRuns();
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter(
    (pid) =>
      pid !== process.pid && (carries(pid, runId) || worksIn(pid, workFolder)) && processStart(pid) && ours(uidOf(pid)),
  );
}

/** Whether a process has one of the accounts that a run starts processes under: a run has no others to end. */
export function runsAsOurs(pid: number): boolean {
  return process.platform !== 'linux' || accountsOfRuns()(uidOf(pid));
}

function accountsOfRuns(): (uid: number | undefined) => boolean {
  const own = process.getuid?.();
  const server = serverAccount()?.uid;
  return (uid) => uid !== undefined && (uid === own || (own === 0 && (uid === server || uid >= FIRST_OF_SANDBOXES)));
}

function uidOf(pid: number): number | undefined {
  try {
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return uid === undefined ? undefined : Number(uid);
  } catch {
    return undefined;
  }
}

function carries(pid: number, runId: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${RUN_VARIABLE}=${runId}`);
  } catch {
    return false;
  }
}

/** Somebody who looks around in a work folder does so from a terminal, which nothing that a run starts has. */
function worksIn(pid: number, folder: string): boolean {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
    return (cwd === folder || cwd.startsWith(`${folder}/`)) && statusOf(pid)?.[TERMINAL] === '0';
  } catch {
    return false;
  }
}

function statusOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses itself: fields are counted from the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  // Not by execa: the guardian, which has little memory to take, loads this, too.
  const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout.trim() !== '' ? answer.stdout.trim() : undefined;
}
