import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, giveTo } from '../../machine/processes/account.ts';
import type { LocalProgram, ProgramCall } from '../../machine/processes/local-program.ts';
import { fileWriter } from '../../machine/work-folders/writing/file-writer.ts';
import { COMMAND, commandOf } from '../../model/command.ts';
import type { Job, JobReport, Step, StepReport } from '../../model/job.ts';
import { reveal } from '../../model/secret.ts';
import { BoundedLog } from './job/bounded-log.ts';
import { type ChildEnd, runChild } from './job/run-child.ts';
import { type Stopped, stepFailed, stepNotRun } from './job/step-failed.ts';
import { StepOutput } from './job/step-output.ts';
import { ProgressWatch } from './job/watch-progress.ts';

const HOME = 'h';
const DEADLINE_MS = 6 * 3_600_000;
/** How long a tool may do nothing at all. */
export const NO_PROGRESS_MS = 10 * 60_000;

/** What running a job on this machine needs from the substrate. */
export interface JobHost {
  readonly runId: string;
  readonly workFolder: string;
  readonly logsFolder: string;
  readonly signal: AbortSignal;
  /** Fires when a server has exited unexpectedly: tools would go on trying to reach it for minutes. */
  readonly serverLost: AbortSignal;
  /** How long a tool may do nothing at all; ten minutes unless given. */
  readonly noProgressMs?: number | undefined;
  mask(text: string): string;
  locate(program: string): Promise<LocalProgram>;
  environment(home: string): Record<string, string>;
  /** Whom the tools run as, when that is not the account of the harness. */
  readonly account?: Account | undefined;
  started(pid: number, name: string): void;
  note(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/** Runs the steps of a job as child processes, one after the other; the first that fails ends the job with an error. */
export async function runJob(job: Job, host: JobHost): Promise<JobReport> {
  // Short names: sockets that tools make in their home, such as gpg's, may have no more than 107 characters.
  const scratch = await mkdtemp(join(host.workFolder, 'tmp', 's'));
  await mkdir(join(scratch, HOME));
  if (host.account) await giveTo(host.account, scratch);
  const log = new BoundedLog(join(host.logsFolder, `${job.name}.log`));
  const startedMs = performance.now();
  const steps: StepReport[] = [];
  try {
    for (const step of job.steps(scratch)) steps.push(await runStep(job, step, scratch, log, host));
  } finally {
    await log.end();
    await fileWriter.remove(scratch);
  }
  return { name: job.name, seconds: secondsSince(startedMs), steps, log: `logs/${job.name}.log` };
}

async function runStep(job: Job, step: Step, scratch: string, log: BoundedLog, host: JobHost): Promise<StepReport> {
  host.signal.throwIfAborted();
  const located = await host.locate(step.program);
  const cwd = step.cwd ?? scratch;
  const given = host.environment(join(scratch, HOME));
  const variables = [...Object.keys(given), ...Object.keys({ ...step.env, ...step.via })];
  const volumes = job.volumes.map(({ volume, readOnly = false }) => ({ path: volume.path, readOnly }));
  const folders = [...volumes, { path: scratch, readOnly: false }];
  const call = located.call({ cwd, variables, folders, ...(step.reachesOut && { reachesOut: true }) });
  log.write(`$ ${step.program} ${host.mask(step.args.join(' '))}`);
  const startedMs = performance.now();
  const env = { ...given, ...call.env, ...reveal({ ...step.env, ...step.via }) };
  const { end, stopped, output } = await runWatched(job, step, { call, cwd, env }, log, host);
  const seconds = secondsSince(startedMs);
  log.write(`= exit ${end.exitCode ?? end.signal ?? end.notStarted ?? 'none'} after ${seconds.toFixed(3)} s`);
  // What happened counts; whatever cannot be ended now, the end of the run tries again.
  const worked = end.exitCode !== undefined && (step.okExitCodes ?? [0]).includes(end.exitCode);
  const exitCode = end.exitCode ?? null;
  const ran = { version: located.version, scratch, seconds, exitCode, ok: worked };
  host.note(COMMAND, { command: commandOf(job, step, ran) });
  if (!worked) await call.cleanUp?.().catch(() => {});
  host.signal.throwIfAborted();
  const { tail } = output;
  if (end.exitCode !== undefined && (call.notRun ?? []).includes(end.exitCode))
    throw stepNotRun(job, step, located, tail);
  if (!worked) throw stepFailed(job, step, { ...end, stopped, tail });
  return {
    program: step.program,
    version: located.version,
    seconds,
    stdout: output.stdout,
    ...(step.phase && { phase: step.phase }),
  };
}

interface Calling {
  readonly call: ProgramCall;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the tool of a step until it ends, or until nothing is to be expected of it any more. */
async function runWatched(
  job: Job,
  step: Step,
  { call, cwd, env }: Calling,
  log: BoundedLog,
  host: JobHost,
): Promise<{ readonly end: ChildEnd; readonly stopped: Stopped; readonly output: StepOutput }> {
  const deadlineMs = job.deadlineMs ?? DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  const budgetMs = host.noProgressMs ?? NO_PROGRESS_MS;
  const stall = new AbortController();
  let watch: ProgressWatch | undefined;
  const output = new StepOutput({ program: step.program, log, mask: host.mask, heard: () => watch?.heard() });
  try {
    const end = await runChild({
      ...{ command: call.command, args: [...call.prefix, ...step.args], cwd, env },
      ...(step.stdin !== undefined && { stdin: step.stdin }),
      ...(step.stdout !== undefined && { stdout: step.stdout }),
      owner: host.account,
      stop: AbortSignal.any([host.signal, host.serverLost, deadline, stall.signal]),
      started: (pid) => {
        host.started(pid, `${job.name} ${step.program}`);
        watch = new ProgressWatch({
          ...{ pid, runId: host.runId, workFolder: host.workFolder, budgetMs },
          ...(step.stdout !== undefined && { file: step.stdout }),
          stalled: () => stall.abort(),
        });
      },
      readStdout: (stream) => output.readStdout(stream),
      readStderr: (stream) => output.readStderr(stream),
    });
    return { end, stopped: stoppedBy({ deadline, deadlineMs, stall: stall.signal, budgetMs }), output };
  } finally {
    watch?.[Symbol.dispose]();
  }
}

function stoppedBy(seen: { deadline: AbortSignal; deadlineMs: number; stall: AbortSignal; budgetMs: number }): Stopped {
  if (seen.stall.aborted) return { by: 'no-progress', budgetMs: seen.budgetMs };
  return seen.deadline.aborted ? { by: 'deadline', budgetMs: seen.deadlineMs } : undefined;
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}
