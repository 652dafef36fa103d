import type { Phase, RunType } from '../model/result.ts';
import type { Substrate } from '../model/substrate.ts';
import type { Journal } from './journal.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunLog } from './run-log.ts';
import type { Scope } from './scope.ts';
import type { SecretStore } from './secret-store.ts';

/** What is told while a run goes on, for whoever shows it. */
export interface RunListener {
  phaseStarted(phase: Phase): void;
  phaseEnded(phase: Phase, seconds: number, ok: boolean, summary: string): void;
  /** A short line on what is being done now. */
  step(text: string): void;
}

/** One run, from its beginning to its end: what stays the same in all of its phases. */
export interface Run {
  readonly id: string;
  readonly type: RunType;
  readonly startedAt: Date;
  readonly folder: RunFolder;
  readonly journal: Journal;
  /** What adds up on the way, whichever phase it comes from. */
  readonly log: RunLog;
  readonly secrets: SecretStore;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
  openSubstrate(): Promise<Substrate>;
}
