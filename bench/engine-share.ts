import type { JournalLine } from '../harness/engine/journal.ts';
import { WAITING_FOR_WRITES } from '../harness/engine/timed.ts';
import type { Phase, RunResult } from '../harness/model/result.ts';

/**
 * Where the wall time of a run went, in seconds. Nothing of a run happens side by side, so that the parts add up.
 * - `tools`: the programs of all jobs, each from its start to its end, as the job runner timed them.
 * - `servers`: making volumes and servers (the phase `provision`), starting those to restore into, and in the end
 *   stopping servers and deleting what they held (`dispose`).
 * - `seeding`: the phase `seed`.
 * - `judging`: reading and hashing files, rows, keys and the backup store, and the checks (`record`, `observe`, `judge`).
 * - `disaster`: destroying, and proving that it is gone (`strike`, `prove-gone`).
 * - `waiting`: the pace of the users who write while backups are made.
 * - `engine`: everything else. Looking for programs, sweeping, what paths and the job runner do around the programs
 *   (folders, logs, listings, receipts), the journal, the wait until the workload serves again.
 */
export interface Shares {
  readonly tools: number;
  readonly servers: number;
  readonly seeding: number;
  readonly judging: number;
  readonly disaster: number;
  readonly waiting: number;
  readonly engine: number;
}

const WHOLE_PHASES = {
  servers: ['provision', 'dispose'],
  seeding: ['seed'],
  judging: ['record', 'observe', 'judge'],
  disaster: ['strike', 'prove-gone'],
} as const satisfies Record<string, readonly Phase[]>;

/** Splits the wall time of a run by its timings and by the steps of jobs in its journal. */
export function sharesOf(result: RunResult, journal: readonly JournalLine[]): Shares {
  const sum = (wanted: (timing: RunResult['timings'][number]) => boolean) =>
    result.timings.filter(wanted).reduce((total, { seconds }) => total + seconds, 0);
  const phases = (names: readonly Phase[]) => sum(({ kind, phase }) => kind === 'phase' && names.includes(phase));
  const parts = {
    tools: journal.flatMap(({ steps }) => (steps as { seconds: number }[] | undefined) ?? []).reduce(add, 0),
    servers: phases(WHOLE_PHASES.servers) + sum(({ kind }) => kind === 'service'),
    seeding: phases(WHOLE_PHASES.seeding),
    judging: phases(WHOLE_PHASES.judging),
    disaster: phases(WHOLE_PHASES.disaster),
    waiting: sum(({ name }) => name === WAITING_FOR_WRITES),
  };
  const known = Object.values(parts).reduce((total, seconds) => total + seconds, 0);
  return { ...parts, engine: result.run.seconds - known };
}

function add(total: number, { seconds }: { seconds: number }): number {
  return total + seconds;
}
