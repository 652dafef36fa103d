import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { execaSync } from 'execa';

/** The variable that every process of a run carries in its environment. */
export const RUN_VARIABLE = 'RESTORE_DRILL_RUN';

/** When a process started, in whatever unit the system has: equal only for the same process. Undefined when it has ended. */
export function processStart(pid: number): string | undefined {
  if (process.platform !== 'linux') return startByPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses itself: fields are counted from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    return state === 'Z' || state === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
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
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter(
    (pid) => pid !== process.pid && (carries(pid, runId) || worksIn(pid, workFolder)) && processStart(pid),
  );
}

function carries(pid: number, runId: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${RUN_VARIABLE}=${runId}`);
  } catch {
    return false;
  }
}

function worksIn(pid: number, folder: string): boolean {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
    return cwd === folder || cwd.startsWith(`${folder}/`);
  } catch {
    return false;
  }
}

function startByPs(pid: number): string | undefined {
  const answer = execaSync('ps', ['-o', 'lstart=', '-p', String(pid)], { reject: false });
  return answer.exitCode === 0 && answer.stdout.trim() !== '' ? answer.stdout.trim() : undefined;
}
