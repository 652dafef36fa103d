import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DrillError } from '../../model/error.ts';
import { GUARDED_VARIABLE, type GuardedRun, type GuardedStore, type Order } from './guarded-run.ts';

const PROGRAM = join(import.meta.dirname, 'guard.ts');
/** It has little to remember: whatever is more would be taken from the drill. */
const LIMITS = ['--max-semi-space-size=1', '--max-old-space-size=96'];
const READY_BUDGET_MS = 60_000;
/** One that ends again and again has something against it that another try does not change. */
const MOST_STARTS = 20;

/**
 * Has the runs of this process disposed of when it dies, for whatever reason. A child of its own session holds the other
 * end of a pipe that this process alone can write to: when the kernel closes it, nobody is left who would dispose of them.
 */
export class Guardian {
  readonly #guarded = new Map<string, GuardedRun>();
  #child: ChildProcess | undefined;
  #ready: Promise<void> = Promise.resolve();
  #starts = 0;

  /** The process id of the guardian, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Guards a run from here on, before anything of it is there. */
  guard(run: GuardedRun): void {
    this.#guarded.set(run.folder, run);
    if (this.#child) this.#tell({ guard: run });
    else this.#start();
  }

  /** Has the buckets of a run removed with it. */
  guardStore(runId: string, store: GuardedStore): void {
    for (const run of this.#guarded.values()) if (run.runId === runId) this.guard({ ...run, store });
  }

  /** Leaves a run alone from here on: all of it is gone, or is to be kept. */
  release(folder: string): void {
    if (this.#guarded.delete(folder)) this.#tell({ release: folder });
  }

  /** Waits until the guardian listens: before that nothing should be started that it would have to end. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  #tell(order: Order): void {
    this.#child?.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #start(): void {
    this.#starts += 1;
    const child = spawn(process.execPath, [...LIMITS, PROGRAM], {
      // It must not look like a part of a run, nor stand in a folder that will be removed.
      env: environment([...this.#guarded.values()]),
      cwd: '/',
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    this.#child = child;
    child.stdin.on('error', () => {});
    child.once('error', () => this.#lost(child));
    child.once('exit', () => this.#lost(child));
    // Again, with the keys of their stores; it is in the pipe at once, and found there even when this process dies.
    for (const run of this.#guarded.values()) this.#tell({ guard: run });
    this.#ready = listening(child);
    this.#ready.catch(() => {});
    // It must not keep this process.
    for (const one of [child, child.stdin, child.stdout]) (one as unknown as { unref?(): void }).unref?.();
  }

  /** Whatever ended it: while a run goes on, there is another one. */
  #lost(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#guarded.size > 0 && this.#starts < MOST_STARTS) this.#start();
  }
}

/** The one of this process. */
export const guardian = new Guardian();

function environment(runs: readonly GuardedRun[]): NodeJS.ProcessEnv {
  const { RESTORE_DRILL_RUN: _, NODE_OPTIONS: __, ...others } = process.env;
  const known = runs.map(({ runId, folder, making }) => ({ runId, folder, making }));
  return { ...others, [GUARDED_VARIABLE]: JSON.stringify(known) };
}

async function listening(child: ChildProcess): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), READY_BUDGET_MS);
  const ended = once(child, 'exit', { signal: over.signal }).then(() => {
    throw new Error('it ended at once');
  });
  try {
    await Promise.race([child.stdout && once(child.stdout, 'data', { signal: over.signal }), ended]);
  } catch (cause) {
    throw notStarted(cause);
  } finally {
    clearTimeout(timer);
    over.abort();
    ended.catch(() => {});
  }
}

function notStarted(cause: unknown): DrillError {
  return new DrillError({
    code: 'guardian-not-started',
    where: 'substrate/local',
    what: `The process that cleans up when a drill is killed did not start within ${READY_BUDGET_MS / 1000} s: ${cause instanceof Error ? cause.message : String(cause)}. Nothing was started that it would have to end.`,
    next: 'see whether this machine is short of memory or of processes (ulimit -u), and run the drill again.',
    blame: 'environment',
    cause,
  });
}
