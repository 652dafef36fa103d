import pRetry from 'p-retry';
import { MappedMemory } from './mapped-memory.ts';
import { isSameProcess, processesOf, runsAsOurs } from './process-table.ts';
import { recordedProcesses } from './recorded-processes.ts';
import { signalProcess } from './service-process.ts';

const END_TRIES = 300;
const END_POLL_MS = 20;
/** One that was just being started may not yet look like one of the run: so many looks in a row must find none. */
const QUIET_LOOKS = 3;

/** The processes of a run that still live: those that it noted, and those that can be seen to be its own. */
export function livingProcesses(runId: string, folder: string): number[] {
  const noted = recordedProcesses(folder).filter(({ pid, startedAt }) => isSameProcess(pid, startedAt));
  const safe = noted.map(({ pid }) => pid).filter((pid) => pid !== process.pid && runsAsOurs(pid));
  return [...new Set([...safe, ...processesOf(runId, folder)])];
}

/** Ends the processes of a run, hardest signal at once since nobody waits for their data any more. */
export async function endProcessesOf(runId: string, folder: string): Promise<void> {
  let quiet = 0;
  const memory = new MappedMemory();
  await pRetry(
    () => {
      const living = livingProcesses(runId, folder);
      // Stopped, it takes no more memory than what is noted.
      for (const pid of living) signalProcess(pid, 'SIGSTOP');
      for (const pid of living) memory.note(pid);
      for (const pid of living) signalProcess(pid, 'SIGKILL');
      quiet = living.length > 0 ? 0 : quiet + 1;
      if (living.length > 0) throw new Error(`processes ${living.join(', ')} of run ${runId} have not ended yet`);
      if (quiet < QUIET_LOOKS) throw new Error(`other processes of run ${runId} may just have been started`);
    },
    { retries: END_TRIES, minTimeout: END_POLL_MS, factor: 1 },
  );
  memory.release();
}
