import type { Resources } from './resources.ts';
import type { Secret } from './secret.ts';
import type { Volume } from './target.ts';

/** An outside program by its common name: what `PATH`, or an image, calls it. */
export type Program = string;

/** The part of the RTO that a step of a restore belongs to. */
export type RtoPhase = 'provision' | 'fetch' | 'load' | 'ready';

/** One call of one program. Arguments must not hold secrets: those go through `env`. */
export interface Step {
  readonly program: Program;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | Secret>>;
  /** Files, by path as the job sees them, to write the standard output to, or to read the standard input from. */
  readonly stdout?: string;
  readonly stdin?: string;
  /** The folder to run in, as the job sees it. */
  readonly cwd?: string;
  readonly phase?: RtoPhase;
  /** Reaches a server outside of the run, such as the place of a backup; in a sandbox there is no network otherwise. */
  readonly reachesOut?: boolean;
  /** Variables in place of those of `env` that only this run has a use for, such as a gateway of its own; never recorded. */
  readonly via?: Readonly<Record<string, string | Secret>>;
  /** Exit codes with which the program has done its work; 0 alone unless given. */
  readonly okExitCodes?: readonly number[];
}

/** One run of real tools over volumes, databases and buckets: a chain of child processes, or a `batch/v1` Job. */
export interface Job {
  /** `<component>.<what>`, such as `library.backup`: names the log, too. */
  readonly name: string;
  readonly volumes: readonly { readonly volume: Volume; readonly readOnly?: boolean }[];
  /** The namespace whose resources it may read and make; it gets a token for that, and for nothing else. */
  readonly resources?: Resources;
  /** The steps, in order; `scratch` is an empty folder that lives as long as the job. */
  steps(scratch: string): readonly Step[];
  readonly deadlineMs?: number;
}

/** What is known of a step that ended well: a record, never a proof. */
export interface StepReport {
  readonly program: Program;
  readonly version: string;
  readonly seconds: number;
  readonly phase?: RtoPhase;
  /** The standard output, unless it went to a file; cut to its last 64 KiB. */
  readonly stdout: string;
}

export interface JobReport {
  readonly name: string;
  readonly seconds: number;
  readonly steps: readonly StepReport[];
  /** The log's path in the run folder. */
  readonly log: string;
}
