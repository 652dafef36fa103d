import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DrillError } from '../model/error.ts';
import type { LedgerEntry, LedgerMark } from '../model/workload.ts';

const INTERVAL_MS = 250;
const POLL_MS = 20;
const WAIT_BUDGET_MS = 60_000;

/** Keeps writing to the living workload, as users do, and notes when each write was safe. */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly #write: (sequence: number) => Promise<readonly LedgerMark[]>;
  readonly #file: string;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #paused = false;
  #writing = false;
  #error: unknown;

  private constructor(file: string, write: (sequence: number) => Promise<readonly LedgerMark[]>) {
    this.#file = file;
    this.#write = write;
    this.#running = this.#loop();
  }

  /** Starts writing at once; every entry is appended to `file` as soon as its marks are written. */
  static start(file: string, write: (sequence: number) => Promise<readonly LedgerMark[]>): Ledger {
    return new Ledger(file, write);
  }

  /** Holds writes back while `work` runs, for paths that do not see one moment in time. */
  async quiesced<T>(work: () => Promise<T>): Promise<T> {
    this.#paused = true;
    try {
      await this.#until(() => !this.#writing, 'the write under way to end');
      return await work();
    } finally {
      this.#paused = false;
    }
  }

  /** Waits until `count` more entries are written than there are now. */
  async grow(count: number): Promise<void> {
    const goal = this.entries.length + count;
    await this.#until(() => this.entries.length >= goal, `${count} more writes`);
  }

  /** Stops writing; the entry under way is finished first. The error that ended the writing early is thrown here. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (this.#error) throw this.#error;
  }

  /** Stops writing whatever happens: for disposal. */
  async abort(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        if (!this.#paused) await this.#one();
        await delay(INTERVAL_MS, undefined, { signal });
      } catch (error) {
        if (!signal.aborted) this.#error = error;
        return;
      }
    }
  }

  async #one(): Promise<void> {
    this.#writing = true;
    try {
      const sequence = this.entries.length + 1;
      const startedAt = new Date().toISOString();
      const marks = await this.#write(sequence);
      const entry: LedgerEntry = { sequence, startedAt, writtenAt: new Date().toISOString(), marks };
      appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
      this.entries.push(entry);
    } finally {
      this.#writing = false;
    }
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_BUDGET_MS;
    while (!condition()) {
      if (this.#error) throw this.#error;
      if (Date.now() > deadline)
        throw new DrillError({
          code: 'ledger-stalled',
          where: 'run/ledger',
          what: `The ledger waited ${WAIT_BUDGET_MS / 1000} s for ${what}, and it did not happen.`,
          next: 'see in the logs whether the database or the disk stalls.',
          blame: 'environment',
        });
      await delay(POLL_MS);
    }
  }
}
