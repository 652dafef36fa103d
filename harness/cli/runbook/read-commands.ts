import type { JournalLine } from '../../run/journal.ts';

/** One command of a restore, as it was run. */
export interface RunCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** The variables that it was given, as `NAME=value`; those that hold a secret by their names alone. */
  readonly env: readonly string[];
  readonly stdin?: string;
  readonly stdout?: string;
  readonly cwd?: string;
  /** Undefined when it did not end well. */
  readonly seconds?: number;
}

/** One job of a restore: its commands in order. */
export interface RunJob {
  readonly name: string;
  readonly component: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly commands: readonly RunCommand[];
}

interface Noted {
  readonly job: string;
  readonly phase: string;
  readonly commands: readonly Omit<RunCommand, 'seconds'>[];
}

interface Timed {
  readonly timing: {
    readonly name: string;
    readonly phase: string;
    readonly component?: string;
    readonly kind: string;
    readonly ok: boolean;
    readonly seconds: number;
  };
  readonly steps?: readonly { readonly seconds: number }[];
}

/** The jobs of the restore that a journal tells of, in the order in which they were run. */
export function readRestore(journal: readonly JournalLine[]): RunJob[] {
  const jobs: RunJob[] = [];
  let noted: Noted | undefined;
  for (const line of journal) {
    if (line.event === 'commands') noted = line as unknown as Noted;
    if (line.event !== 'timing' || noted === undefined) continue;
    const { timing, steps } = line as unknown as Timed;
    if (timing.kind !== 'job' || timing.name !== noted.job) continue;
    const { commands, phase } = noted;
    noted = undefined;
    if (phase !== 'restore') continue;
    const timed = commands.map((command, index) => {
      const seconds = steps?.[index]?.seconds;
      return { ...command, ...(seconds !== undefined && { seconds }) };
    });
    jobs.push({
      name: timing.name,
      component: timing.component ?? '',
      ok: timing.ok,
      seconds: timing.seconds,
      commands: timed,
    });
  }
  return jobs;
}
