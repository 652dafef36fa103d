import type { InjectionPoint } from './sabotage.ts';
import type { Verdict } from './verdict.ts';

/** What a drill's run that was ruined came to. */
export const CELL_OUTCOMES = ['caught', 'missed'] as const;
export type CellOutcome = (typeof CELL_OUTCOMES)[number];

/** A check, or a phase that failed, that did not let a run pass, and what of the harm it named. */
export interface Complaint {
  /** `files of library`, `restore of library`. */
  readonly by: string;
  /** Whether it is one of those that the sabotage was expected to be caught by. */
  readonly expected: boolean;
  /** What it said, in one line. */
  readonly said: string;
  /** Of what was harmed, all that it named. */
  readonly named: readonly string[];
}

/** One sabotage against one backup path. */
export interface SabotageCell {
  readonly sabotage: string;
  readonly summary: string;
  readonly where: InjectionPoint;
  readonly component: string;
  readonly path: string;
  readonly outcome: CellOutcome;
  /** Why it counts as missed; empty when it was caught. */
  readonly why: string;
  /** What was harmed, as a report must name it. */
  readonly harmed: readonly string[];
  readonly complaints: readonly Complaint[];
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly startedAt: string;
  readonly seconds: number;
  /** The folder of the run; what was caught keeps its result and journal there, what was missed all of its evidence. */
  readonly run: string;
}

/** A run that nobody has ruined, and that must pass. */
export interface HealthyTwin {
  readonly component: string;
  readonly path: string;
  readonly repeat: number;
  readonly passed: boolean;
  /** What did not pass; empty otherwise. */
  readonly why: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly run: string;
}

/** A sabotage that does not fit a path. */
export interface NotApplicable {
  readonly sabotage: string;
  readonly component: string;
  readonly path: string;
  readonly why: string;
}

/** A failure of real life that waits for a path. */
export interface Awaited {
  readonly sabotage: string;
  readonly summary: string;
  readonly waitsFor: string;
}

/** Everything that `drill sabotage` came to: what `--json` prints. */
export interface SabotageResult {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly drill: string;
  readonly substrate: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seconds: number;
  readonly folder: string;
  /** `1/3` when only a part of the matrix was run; empty otherwise. */
  readonly shard: string;
  readonly exitCode: number;
  /** Ruined runs. */
  readonly total: number;
  readonly caught: number;
  readonly missed: readonly SabotageCell[];
  readonly falseAlarms: readonly HealthyTwin[];
  readonly notApplicable: readonly NotApplicable[];
  readonly waiting: readonly Awaited[];
  /** Share of the ruined runs that were caught, in percent; null when there was none. */
  readonly killScore: number | null;
  readonly cells: readonly SabotageCell[];
  readonly healthy: readonly HealthyTwin[];
  /** Columns of the matrix, in order. */
  readonly columns: readonly { readonly component: string; readonly path: string }[];
}

/** A way to publish a matrix: writes into its folder and gives the files that it wrote. */
export interface SabotageReport {
  write(result: SabotageResult): Promise<string[]>;
}

/** A random fault in what was stored, and what became of it. */
export interface RandomFault {
  readonly number: number;
  readonly component: string;
  readonly path: string;
  /** What was done, to which object and where, so that it can be done again. */
  readonly fault: string;
  /** `identical` when it hurt nothing: all that was restored is, byte for byte and row for row, what had been there. */
  readonly outcome: 'caught' | 'identical' | 'missed' | 'inconclusive';
  /** What caught it, why it counts as missed, or what was in the way, twice. */
  readonly said: string;
  readonly seconds: number;
  readonly run: string;
}

/** What `drill sabotage --random` came to. */
export interface RandomResult {
  readonly schemaVersion: 1;
  readonly drill: string;
  readonly seed: number;
  readonly seconds: number;
  readonly exitCode: number;
  readonly total: number;
  readonly caught: number;
  readonly identical: number;
  readonly missed: readonly RandomFault[];
  /** Something else was in the way, so that nobody knows whether they would have been caught. */
  readonly inconclusive: readonly RandomFault[];
  readonly faults: readonly RandomFault[];
}
