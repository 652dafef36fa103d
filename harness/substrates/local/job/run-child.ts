import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '../../../machine/processes/account.ts';
import { signalProcess } from '../../../machine/processes/service-process.ts';

const KILL_AFTER_MS = 5_000;
/** What cannot even be killed is left to the end of the run. */
const GIVE_UP_AFTER_MS = 10_000;
/** How long a helper may go on holding the output of a tool that has ended. */
const HELD_OPEN_MS = 2_000;

/** How to run one tool. */
export interface ChildSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Files that the tool itself reads and writes: none of their bytes pass through here. */
  readonly stdin?: string;
  readonly stdout?: string;
  /** Whom the file is to belong to, when that is not the account of the harness. */
  readonly owner?: Account | undefined;
  /** Ends the tool, with all that it has started. */
  readonly stop: AbortSignal;
  started(pid: number): void;
  readStdout(stream: AsyncIterable<Uint8Array>): Promise<void>;
  readStderr(stream: AsyncIterable<Uint8Array>): Promise<void>;
}

/** How a tool has ended: by itself, by a signal, or not at all. */
export interface ChildEnd {
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  /** Why it could not be started. */
  readonly notStarted?: string;
}

/** Runs a tool in a process group of its own until it has ended; what it started and left behind cannot hold it up. */
export async function runChild(spec: ChildSpec): Promise<ChildEnd> {
  const opened: FileHandle[] = [];
  let child: ChildProcess;
  let ended: Promise<ChildEnd>;
  let read: Promise<unknown>;
  try {
    // A link that a backup has put where the output goes is not followed.
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
    if (spec.stdin !== undefined) opened.push(await open(spec.stdin, 'r'));
    const stdin = opened[0]?.fd ?? 'ignore';
    if (spec.stdout !== undefined) {
      const file = await open(spec.stdout, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
      opened.push(file);
      if (spec.owner) await file.chown(spec.owner.uid, spec.owner.gid);
    }
    const stdout = spec.stdout === undefined ? 'pipe' : (opened.at(-1)?.fd ?? 'pipe');
    child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      stdio: [stdin, stdout, 'pipe'],
      // Its own group, so that a tool's own children end with it.
      detached: true,
    });
    ended = endOf(child);
    // Before anything is waited for: what nobody reads by the time that a tool ends is thrown away.
    read = Promise.all([
      child.stdout && quietly(spec.readStdout(child.stdout)),
      child.stderr && quietly(spec.readStderr(child.stderr)),
    ]);
  } catch (error) {
    return { notStarted: (error as Error).message };
  } finally {
    for (const file of opened) await file.close();
  }
  const { pid } = child;
  if (pid !== undefined) spec.started(pid);
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const stopWatching = killGroupOn(spec.stop, pid);
  const end = await Promise.race([ended, givenUp(spec.stop)]);
  stopWatching();
  await letGo(read, streams, pid);
  return end;
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ notStarted: error.message }));
    child.once('exit', (exitCode, signal) =>
      resolve({ ...(exitCode !== null && { exitCode }), ...(signal !== null && { signal }) }),
    );
  });
}

/** The pipes are read to their end, unless somebody holds them open who has nothing to do with the tool any more. */
async function letGo(read: Promise<unknown>, streams: readonly Readable[], pid: number | undefined): Promise<void> {
  if (await isOverWithin(read, HELD_OPEN_MS)) return;
  if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  for (const stream of streams) stream.destroy();
  await read;
}

async function isOverWithin(work: Promise<unknown>, budgetMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(budgetMs, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timer.abort();
  }
}

/** A stream that was let go of has ended for us. */
async function quietly(reading: Promise<void>): Promise<void> {
  await reading.catch(() => {});
}

/** Ends the whole process group, softly first. */
function killGroupOn(stop: AbortSignal, pid: number | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const kill = () => {
    if (pid === undefined) return;
    signalGroup(pid, 'SIGTERM');
    timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), KILL_AFTER_MS);
  };
  stop.addEventListener('abort', kill, { once: true });
  if (stop.aborted) kill();
  return () => {
    clearTimeout(timer);
    stop.removeEventListener('abort', kill);
  };
}

function givenUp(stop: AbortSignal): Promise<ChildEnd> {
  return new Promise((resolve) => {
    const wait = () => {
      setTimeout(() => resolve({}), KILL_AFTER_MS + GIVE_UP_AFTER_MS).unref();
    };
    if (stop.aborted) wait();
    else stop.addEventListener('abort', wait, { once: true });
  });
}

/** A group of another account cannot be signalled from here; that is no reason to break off. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    signalProcess(-pid, signal);
  } catch {
    // The end of the run tries again, by other means.
  }
}
