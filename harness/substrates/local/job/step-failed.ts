import type { LocalProgram } from '../../../machine/processes/local-program.ts';
import { classifySourceError, isOverNetwork } from '../../../model/classify-source-error.ts';
import { DrillError } from '../../../model/error.ts';
import type { Job, Step } from '../../../model/job.ts';
import { reveal } from '../../../model/secret.ts';
import type { ChildEnd } from './run-child.ts';

/** What the harness has ended a step for. */
export type Stopped = { readonly by: 'deadline' | 'no-progress'; readonly budgetMs: number } | undefined;

/** What is known of a step that did not end well. */
export interface StepEnd extends ChildEnd {
  readonly stopped: Stopped;
  readonly tail: string;
}

/** What a shell, or Docker, gives instead of the signal that ended a program: ILL, ABRT, BUS, FPE, KILL, SEGV, TERM. */
const SIGNALLED: ReadonlySet<number> = new Set([132, 134, 135, 136, 137, 139, 143]);

/** The error for a step that failed. The backup is blamed only where nothing else can have been in the way. */
export function stepFailed(job: Job, step: Step, end: StepEnd): DrillError {
  const { code, what, next, blame } = reasonOf(job, step, end);
  return new DrillError({
    code,
    where: `job/${job.name}`,
    what: `${step.program} ${what}.`,
    next,
    blame,
    tail: end.tail,
  });
}

/** The error for a program that Docker, or the sandbox, could not start. */
export function stepNotRun(job: Job, step: Step, { location, source }: LocalProgram, tail: string): DrillError {
  return new DrillError({
    code: 'job-not-run',
    where: `job/${job.name}`,
    what:
      source === 'container'
        ? `${step.program} of the image ${location} was not run: Docker could not start it.`
        : `${step.program} (${location}) was not run: it, or what it is made of, is not seen in the sandbox.`,
    next: `read what is said of it with \`drill show <run> --log ${job.name}\`.`,
    blame: 'environment',
    tail,
  });
}

function reasonOf(job: Job, step: Step, end: StepEnd): Pick<DrillError, 'code' | 'what' | 'next' | 'blame'> {
  const read = `read its output with \`drill show <run> --log ${job.name}\``;
  const environment = (code: string, what: string, next: string) =>
    ({ code, what, next, blame: 'environment' }) as const;
  const { stopped, exitCode, signal, notStarted } = end;
  const trouble = classifySourceError(
    `${end.tail}\n${notStarted ?? ''}`,
    isOverNetwork(step.args, reveal(step.env ?? {})),
  );
  // A tool that is ended says all kinds of things, restic that the password is wrong.
  if (stopped) {
    const seen = trouble ? `; it ${trouble.what}` : '';
    const seconds = stopped.budgetMs / 1000;
    if (stopped.by === 'deadline')
      return environment('job-deadline', `did not end within ${seconds} s${seen}`, trouble?.next ?? `${read}.`);
    const what = `made no progress for ${seconds} s: it said nothing, wrote nothing and did no work${seen}`;
    return environment('no-progress', what, `see whether the server that it talks to still answers; ${read}.`);
  }
  if (trouble) return environment(trouble.code, trouble.what, trouble.next);
  if (notStarted !== undefined)
    return environment('job-not-started', `could not be started: ${notStarted}`, `${read}.`);
  const killed =
    signal ?? (exitCode !== undefined && SIGNALLED.has(exitCode) ? `a signal (exit code ${exitCode})` : '');
  if (killed !== '' || exitCode === undefined)
    return environment(
      'tool-killed',
      `was ended by ${killed || 'something that is not known'}`,
      `see whether the machine was short of memory (\`journalctl -k\`), or who ended it; ${read}, then run the drill again.`,
    );
  return { code: 'job-failed', what: `ended with exit code ${exitCode}`, next: `${read}.`, blame: 'backup' };
}
