import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DrillError } from '../../model/error.ts';
import { processStart } from './process-table.ts';

const PIDS_FILE = 'pids.jsonl';

/** A process that a run started, with the start time that tells it from a later one of the same id. */
export interface StartedProcess {
  readonly pid: number;
  readonly name: string;
  readonly startedAt: string;
}

/** Notes a started process in the work folder at once, so that a kill of the harness does not hide it. */
export function recordProcess(folder: string, pid: number, name: string): void {
  const line: StartedProcess = { pid, name, startedAt: processStart(pid) ?? '' };
  try {
    appendFileSync(join(folder, PIDS_FILE), `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'ENOENT' ? folderGone(folder, cause) : cause;
  }
}

/** The processes that were noted in a work folder; a line cut by a kill is passed over. */
export function recordedProcesses(folder: string): StartedProcess[] {
  try {
    return readFileSync(join(folder, PIDS_FILE), 'utf8')
      .split('\n')
      .flatMap((line) => parse(line) ?? []);
  } catch {
    return [];
  }
}

function parse(line: string): StartedProcess | undefined {
  try {
    const { pid, name, startedAt } = JSON.parse(line) as StartedProcess;
    return Number.isInteger(pid) && pid > 0 ? { pid, name: String(name), startedAt: String(startedAt) } : undefined;
  } catch {
    return undefined;
  }
}

function folderGone(folder: string, cause: unknown): DrillError {
  return new DrillError({
    code: 'work-folder-gone',
    where: 'substrate/local',
    what: `The work folder ${folder} vanished while the drill was running; nothing of ours removes one that is in use.`,
    next: 'see what clears that place (a cleaner of temporary files, another user), or set DRILL_WORK to a folder of your own; then run the drill again.',
    blame: 'environment',
    cause,
  });
}
