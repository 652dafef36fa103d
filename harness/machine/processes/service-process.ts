import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DrillError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { withoutRows } from '../../model/without-rows.ts';

const STOP_BUDGET_MS = 20_000;
const READY_BUDGET_MS = 60_000;
const POLL_MS = 50;
const TAIL_LINES = 8;
const TAIL_BYTES = 16 * 1024;

/** How to run one server as a child of the harness, without a shell. */
export interface ServiceSpec {
  /** For messages and the log's name: `postgres database-1`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  /** Given to the server on its standard input, then closed: for configuration that holds secrets. */
  readonly stdin?: string;
  /** The account to run under, when the harness runs as root and the server refuses to. */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** The signals to stop it with, mildest first; SIGKILL follows by itself. */
  readonly stopSignals?: readonly NodeJS.Signals[];
  /** Ends what outlives a child that was killed, such as the container behind Docker's client. */
  cleanUp?(): Promise<void>;
  /** How long that may take, where the server has more to do first than to start. */
  readonly readyBudgetMs?: number | undefined;
  /** Lines of the log that only answer whoever asks whether it is ready: they would push out what it says itself. */
  readonly answers?: RegExp;
  /** Throws while the server cannot be used yet. */
  ready(): Promise<void>;
}

/** What keeps track of the processes that a run started, so that none outlives it unseen. */
export interface ProcessRegistry {
  started(pid: number, name: string): void;
  /** Called when a server ends though nobody stopped it. */
  lost(name: string, how: string): void;
}

/** A server that runs until it is stopped. */
export class ServiceProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #spec: ServiceSpec;
  readonly #exit: Promise<void>;
  #exited = false;
  #stopping = false;
  #how = '';

  private constructor(child: ChildProcess, spec: ServiceSpec, registry: ProcessRegistry) {
    this.name = spec.name;
    this.#child = child;
    this.#spec = spec;
    const pid = child.pid;
    if (pid !== undefined) registry.started(pid, spec.name);
    this.#exit = new Promise((resolve) => {
      const settle = (how: string) => {
        if (this.#exited) return;
        this.#exited = true;
        this.#how = how;
        if (!this.#stopping) registry.lost(spec.name, `${how}; last log lines: ${lastLines(spec)}`);
        resolve();
      };
      child.once('error', (error) => settle(`did not start: ${error.message}`));
      child.once('exit', (code, signal) => settle(signal ? `ended by ${signal}` : `ended with exit code ${code}`));
    });
  }

  /** Starts a server and waits until it is ready; when it never is, it is stopped and the error has its last lines. */
  static async start(spec: ServiceSpec, registry: ProcessRegistry, signal?: AbortSignal): Promise<ServiceProcess> {
    const log = openSync(spec.logFile, 'a');
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      stdio: [spec.stdin === undefined ? 'ignore' : 'pipe', log, log],
      // Its own process group: a Ctrl-C at the terminal reaches the harness, which then stops servers in order.
      detached: true,
      ...spec.account,
    });
    closeSync(log);
    const service = new ServiceProcess(child, spec, registry);
    child.stdin?.on('error', () => {});
    child.stdin?.end(spec.stdin);
    try {
      await service.#untilReady(signal);
      return service;
    } catch (error) {
      await service.stop();
      throw error;
    }
  }

  get alive(): boolean {
    return !this.#exited;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Stops the server, harder and harder, and waits until it has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#end();
    await this.#spec.cleanUp?.();
  }

  async #end(): Promise<void> {
    const signals = [...(this.#spec.stopSignals ?? ['SIGTERM']), 'SIGKILL'] as NodeJS.Signals[];
    for (const signal of signals) {
      if (this.#exited || this.pid === undefined) return;
      signalProcess(signal === 'SIGKILL' ? -this.pid : this.pid, signal);
      await Promise.race([this.#exit, delay(STOP_BUDGET_MS / signals.length, undefined, { ref: false })]);
    }
    await this.#exit;
  }

  async #untilReady(signal?: AbortSignal): Promise<void> {
    const { readyBudgetMs = READY_BUDGET_MS } = this.#spec;
    const deadline = Date.now() + readyBudgetMs;
    for (;;) {
      signal?.throwIfAborted();
      if (this.#exited) throw this.#notReady('service-ended', this.#how, undefined);
      try {
        await this.#spec.ready();
        return;
      } catch (error) {
        if (Date.now() > deadline)
          throw this.#notReady('service-not-ready', `was not ready within ${readyBudgetMs / 1000} s`, error);
      }
      await delay(POLL_MS);
    }
  }

  #notReady(code: string, what: string, cause: unknown): DrillError {
    return new DrillError({
      code,
      where: `service/${this.name}`,
      what: `${this.name} was started, but ${what}.`,
      next: `read its log, ${this.#spec.logFile}.`,
      blame: 'environment',
      cause,
      tail: lastLines(this.#spec),
    });
  }
}

/** Sends a signal to a process, or with a negative id to its group; a process that has ended is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** The last lines of a log, however long it is, and without what they quote of rows. */
function lastLines({ logFile, answers }: Pick<ServiceSpec, 'logFile' | 'answers'>): string {
  try {
    const log = openSync(logFile, 'r');
    try {
      const from = Math.max(0, fstatSync(log).size - TAIL_BYTES);
      const bytes = Buffer.alloc(TAIL_BYTES);
      const text = bytes.toString('utf8', 0, readSync(log, bytes, 0, TAIL_BYTES, from)).trimEnd();
      const cut = withoutRows();
      const lines = text.split('\n').map((line) => cut(line));
      return printable(
        lines
          .filter((line) => line !== undefined && answers?.test(line) !== true)
          .slice(-TAIL_LINES)
          .join('\n'),
      );
    } finally {
      closeSync(log);
    }
  } catch {
    return '';
  }
}
