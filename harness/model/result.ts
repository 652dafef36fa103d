import type { Finding } from './check.ts';
import type { RtoPhase } from './job.ts';
import type { Receipt } from './path.ts';
import type { HostFacts, ToolReport } from './substrate.ts';
import type { Verdict } from './verdict.ts';
import type { NotTested } from './workload.ts';

/** The phases of a run, always in this order. */
export const PHASES = [
  'preflight',
  'sweep',
  'provision',
  'seed',
  'record',
  'backup',
  'write-after',
  'strike',
  'prove-gone',
  'restore',
  'upgrade',
  'observe',
  'judge',
  'collect',
  'dispose',
] as const;

export type Phase = (typeof PHASES)[number];

/** The same without the one of a rehearsed upgrade. */
export const DRILL_PHASES: readonly Phase[] = PHASES.filter((phase) => phase !== 'upgrade');

/** What sort of run it was: it made the backups itself, it found them, or it went on to a newer version with what it found. */
export const RUN_TYPES = ['drill', 'rehearsal', 'upgrade'] as const;

export type RunType = (typeof RUN_TYPES)[number];

/** A time against its objective; seconds are null when they were not measured, objectives when none was set. */
export interface Measured {
  readonly seconds: number | null;
  readonly objectiveSeconds: number | null;
}

export interface ComponentRto extends Measured {
  readonly phases: Readonly<Record<RtoPhase, number>>;
}

/** From the disaster to the moment when the workload served again, without what the harness itself did between, by component and phase. */
export interface RtoReport extends Measured {
  /** The cluster or namespace that had to be made first, where the disaster took it; its time is part of `provision`. */
  readonly place?: { readonly name: string; readonly seconds: number };
  readonly phases: Readonly<Record<RtoPhase, number>>;
  readonly components: Readonly<Record<string, ComponentRto>>;
}

/** From the last surviving write of the ledger to the disaster, by component. */
export interface RpoReport extends Measured {
  readonly components: Readonly<Record<string, Measured>>;
}

export interface CheckResult {
  readonly name: string;
  readonly component: string;
  readonly proves: string;
  readonly verdict: Verdict;
  readonly expected: string;
  readonly actual: string;
  /** At most the first 20. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** The file in the run folder that lists all findings; empty when there are none. */
  readonly evidence: string;
}

/** An error on the way, as it is reported. */
export interface Failure {
  readonly phase: Phase;
  readonly component?: string;
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly tail: string;
  readonly verdict: Verdict | 'harness' | 'interrupted' | 'usage';
}

/** One timed piece of a run: a phase, a job or a service. */
export interface Timing {
  readonly phase: Phase;
  readonly name: string;
  readonly component?: string;
  readonly kind: 'phase' | 'job' | 'service' | 'harness';
  readonly startedAt: string;
  readonly seconds: number;
  readonly ok: boolean;
  /** The log's path in the run folder, where there is one. */
  readonly log?: string;
}

/** Everything that a run came to: what `--json` prints and `result.json` holds. */
export interface RunResult {
  readonly schemaVersion: 1;
  readonly run: {
    readonly id: string;
    /** Left out by results that were written before there was one. */
    readonly type?: RunType;
    readonly startedAt: string;
    readonly endedAt: string;
    readonly seconds: number;
    readonly phaseReached: Phase;
    readonly folder: string;
  };
  readonly drill: {
    readonly name: string;
    readonly claim: string;
    /** Where nothing is destroyed, the sort of run, for readers that know no `run.type`. */
    readonly disaster: string;
    readonly substrate: string;
    readonly workload: {
      readonly name: string;
      readonly version: string;
      readonly scale: Readonly<Record<string, number>>;
    };
    readonly paths: Readonly<
      Record<string, { readonly name: string; readonly options: Readonly<Record<string, unknown>> }>
    >;
  };
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly checks: readonly CheckResult[];
  readonly rto: RtoReport;
  readonly rpo: RpoReport;
  readonly notTested: readonly NotTested[];
  readonly failures: readonly Failure[];
  readonly timings: readonly Timing[];
  readonly backups: readonly Receipt[];
  readonly facts: Readonly<Record<string, string | number>>;
  /** What was counted in what was restored, by name; left out by results that were written before there was any. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly tools: readonly ToolReport[];
  readonly host: HostFacts | null;
  /** Commands to look inside and to clean up, when the run was kept. */
  readonly kept: readonly string[];
}

/** A way to publish a result: writes into the run folder and gives the files that it wrote. */
export interface Report {
  readonly name: string;
  write(result: RunResult, runFolder: string): Promise<string[]>;
}
