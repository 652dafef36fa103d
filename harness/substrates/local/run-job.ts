import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { execa } from 'execa';
import { COMMAND, commandOf } from '../../model/command.ts';
import { DrillError } from '../../model/error.ts';
import type { Job, JobReport, Step, StepReport } from '../../model/job.ts';
import { reveal } from '../../model/secret.ts';
import { signalProcess } from '../../services/process.ts';
import type { LocalProgram } from './local-program.ts';
import { fileWriter } from './writing/file-writer.ts';

const STDOUT_KEPT_CHARS = 64 * 1024;
const TAIL_LINES = 12;
const HOME = 'h';
const DEADLINE_MS = 6 * 3_600_000;
const KILL_AFTER_MS = 5_000;

/** What programs say when this machine is in the way, and the backup is not to blame. */
const TROUBLES = [
  {
    says: /no space left on device|disk quota exceeded|could not (write|extend) file.*space|wrote only \d+ of \d+ bytes|remaining disk space|ENOSPC/i,
    code: 'disk-full',
    what: 'found no space left on the disk',
    next: 'free space, or set DRILL_WORK to a folder on a larger disk; `drill plan` says how much is needed.',
  },
  {
    says: /^gpg: .*(can't connect to the (gpg-)?agent|No agent running)/m,
    code: 'agent-not-started',
    what: 'could not start its agent, whose socket has no room below a folder with a long path',
    next: 'set DRILL_WORK to a shorter path (40 characters are few enough), or see why gpg-agent does not run here.',
  },
] as const;

/** What running a job on this machine needs from the substrate. */
export interface JobHost {
  readonly runId: string;
  readonly workFolder: string;
  readonly logsFolder: string;
  readonly signal: AbortSignal;
  /** Fires when a server has ended by itself: tools would go on trying to reach it for minutes. */
  readonly serverLost: AbortSignal;
  mask(text: string): string;
  locate(program: string): Promise<LocalProgram>;
  environment(home: string): Record<string, string>;
  started(pid: number, name: string): void;
  note(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/** Runs the steps of a job as child processes, one after the other; the first that fails ends the job with an error. */
export async function runJob(job: Job, host: JobHost): Promise<JobReport> {
  // Short names: sockets that tools make in their home, such as gpg's, may have no more than 107 characters.
  const scratch = await mkdtemp(join(host.workFolder, 'scratch', 's'));
  const logFile = join(host.logsFolder, `${job.name}.log`);
  await mkdir(join(scratch, HOME));
  const log = createWriteStream(logFile, { flags: 'a' });
  // Without a listener a log that cannot be written would end the process; the end of the job reports it.
  log.on('error', () => {});
  const startedMs = performance.now();
  const steps: StepReport[] = [];
  try {
    for (const step of job.steps(scratch)) steps.push(await runStep(job, step, scratch, log, host));
  } finally {
    log.end();
    await finished(log);
    await fileWriter.remove(scratch);
  }
  return { name: job.name, seconds: secondsSince(startedMs), steps, log: `logs/${job.name}.log` };
}

async function runStep(job: Job, step: Step, scratch: string, log: WriteStream, host: JobHost): Promise<StepReport> {
  host.signal.throwIfAborted();
  const located = await host.locate(step.program);
  const cwd = step.cwd ?? scratch;
  const given = host.environment(join(scratch, HOME));
  const variables = [...Object.keys(given), ...Object.keys({ ...step.env, ...step.via })];
  const folders = job.volumes.map(({ volume, readOnly = false }) => ({ path: volume.path, readOnly }));
  const call = located.call({ cwd, variables, folders });
  log.write(`$ ${step.program} ${host.mask(step.args.join(' '))}\n`);
  const startedMs = performance.now();
  const deadline = AbortSignal.timeout(job.deadlineMs ?? DEADLINE_MS);
  const child = execa(call.command, [...call.prefix, ...step.args], {
    cwd,
    env: { ...given, ...call.env, ...reveal({ ...step.env, ...step.via }) },
    extendEnv: false,
    stdin: step.stdin ? { file: step.stdin } : 'ignore',
    stdout: step.stdout ? { file: step.stdout } : 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    // Its own group, so that a tool's own children end with it.
    detached: true,
  });
  const pid = child.pid;
  if (pid !== undefined) host.started(pid, `${job.name} ${step.program}`);
  const stopWatching = killGroupOn([host.signal, host.serverLost, deadline], pid);
  const output = { stdout: '', tail: [] as string[] };
  const [result] = await Promise.all([child, collect(child.stdout, child.stderr, output, log, host)]);
  stopWatching();
  const seconds = secondsSince(startedMs);
  log.write(`= exit ${result.exitCode ?? result.signal ?? 'none'} after ${seconds.toFixed(3)} s\n`);
  // What happened counts; whatever cannot be ended now, the end of the run tries again.
  const worked = result.exitCode !== undefined && (step.okExitCodes ?? [0]).includes(result.exitCode);
  const exitCode = result.exitCode ?? null;
  const ran = { version: located.version, scratch, seconds, exitCode, ok: worked };
  host.note(COMMAND, { command: commandOf(job, step, ran) });
  if (!worked) await call.cleanUp?.().catch(() => {});
  host.signal.throwIfAborted();
  const notRun = result.exitCode !== undefined && (call.notRun ?? []).includes(result.exitCode);
  if (notRun) throw stepNotRun(job, step, located, output.tail.join('\n'));
  if (!worked) throw stepFailed(job, step, deadline.aborted, result, output.tail.join('\n'));
  return {
    program: step.program,
    version: located.version,
    seconds,
    stdout: output.stdout,
    ...(step.phase && { phase: step.phase }),
  };
}

/** Writes both streams to the log, line by line and masked, and keeps the ends of them. */
async function collect(
  stdout: Readable | null | undefined,
  stderr: Readable | null | undefined,
  output: { stdout: string; tail: string[] },
  log: WriteStream,
  host: JobHost,
): Promise<void> {
  const read = async (stream: Readable | null | undefined, keep: boolean) => {
    if (!stream) return;
    for await (const line of createInterface({ input: stream })) {
      const masked = host.mask(line);
      log.write(`${masked}\n`);
      if (keep) output.stdout = `${output.stdout}${line}\n`.slice(-STDOUT_KEPT_CHARS);
      output.tail.push(masked);
      if (output.tail.length > TAIL_LINES) output.tail.shift();
    }
  };
  await Promise.all([read(stdout, true), read(stderr, false)]);
}

/** Ends the whole process group when any signal fires, softly first. */
function killGroupOn(signals: readonly AbortSignal[], pid: number | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const kill = () => {
    if (pid === undefined) return;
    signalProcess(-pid, 'SIGTERM');
    timer = setTimeout(() => signalProcess(-pid, 'SIGKILL'), KILL_AFTER_MS);
  };
  for (const signal of signals) signal.addEventListener('abort', kill, { once: true });
  if (signals.some(({ aborted }) => aborted)) kill();
  return () => {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', kill);
  };
}

function stepNotRun(job: Job, step: Step, { location }: LocalProgram, tail: string): DrillError {
  return new DrillError({
    code: 'job-not-run',
    where: `job/${job.name}`,
    what: `${step.program} of the image ${location} was not run: Docker could not start it.`,
    next: `read what Docker says with \`drill show <run> --log ${job.name}\`.`,
    blame: 'environment',
    tail,
  });
}

function stepFailed(
  job: Job,
  step: Step,
  overDeadline: boolean,
  result: { exitCode?: number | undefined; signal?: string | undefined; originalMessage?: string | undefined },
  tail: string,
): DrillError {
  const { originalMessage = '' } = result;
  const trouble = TROUBLES.find(({ says }) => says.test(`${tail}\n${originalMessage}`));
  const how = overDeadline
    ? `did not end within ${(job.deadlineMs ?? DEADLINE_MS) / 1000} s`
    : result.exitCode === undefined
      ? `ended by ${result.signal ?? 'an error'}${originalMessage ? `: ${originalMessage}` : ''}`
      : `ended with exit code ${result.exitCode}`;
  return new DrillError({
    code: trouble?.code ?? (overDeadline ? 'job-deadline' : 'job-failed'),
    where: `job/${job.name}`,
    what: `${step.program} ${trouble?.what ?? how}.`,
    next: trouble?.next ?? `read its output with \`drill show <run> --log ${job.name}\`.`,
    blame: trouble ? 'environment' : 'backup',
    tail,
  });
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}
