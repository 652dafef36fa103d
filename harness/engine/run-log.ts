import { type Failure, PHASES, type Phase, type Timing } from '../model/result.ts';
import type { NotTested } from '../model/workload.ts';
import type { Journal } from './journal.ts';

/** What adds up while a run goes on; what is lost with the process is in the journal, too. */
export class RunLog {
  readonly timings: Timing[] = [];
  readonly failures: Failure[] = [];
  readonly notTested: NotTested[] = [];
  readonly phases: Record<string, { readonly startedAt: string; readonly endedAt: string }> = {};
  readonly facts: Record<string, string | number> = {};
  readonly numbers: Record<string, number> = {};
  /** The phase that goes on, or went on last. */
  phase: Phase = PHASES[0];
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  fail(failure: Failure): void {
    this.failures.push(failure);
    this.#journal.write('failure', { failure });
  }

  time(timing: Timing, more: Readonly<Record<string, unknown>> = {}): void {
    this.timings.push(timing);
    this.#journal.write('timing', { timing, ...more });
  }
}
