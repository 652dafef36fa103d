import type { Job, RtoPhase, Step } from './job.ts';

/** The event under which the journal keeps every call of a program. */
export const COMMAND = 'command';

/** One call of one program as the journal keeps it, so that somebody can do it again by hand. Secrets are `***`. */
export interface Command {
  readonly job: string;
  readonly program: string;
  readonly version: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly stdout?: string;
  /** Where it ran, when that was not the job's own scratch folder. */
  readonly cwd?: string;
  /** The job's own folder, which went with it. */
  readonly scratch: string;
  readonly volumes: readonly { readonly name: string; readonly path: string; readonly readOnly: boolean }[];
  readonly phase?: RtoPhase;
  readonly seconds: number;
  /** Null when it was ended before it could tell. */
  readonly exitCode: number | null;
  /** Whether it ended with an exit code with which it has done its work. */
  readonly ok: boolean;
}

/** What became of a step. */
export interface Ran extends Pick<Command, 'version' | 'scratch' | 'seconds' | 'exitCode' | 'ok'> {}

/** The note of a step that has run; what is a secret in its environment keeps its name alone. */
export function commandOf(job: Job, step: Step, ran: Ran): Command {
  const { program, args, env = {}, stdin, stdout, cwd, phase } = step;
  return {
    job: job.name,
    program,
    args,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
    ...(stdin !== undefined && { stdin }),
    ...(stdout !== undefined && { stdout }),
    ...(cwd !== undefined && { cwd }),
    ...(phase !== undefined && { phase }),
    volumes: job.volumes.map(({ volume: { name, path }, readOnly = false }) => ({ name, path, readOnly })),
    ...ran,
  };
}
