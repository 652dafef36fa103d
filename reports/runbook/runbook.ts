import type { Verdict } from '../../harness/model/verdict.ts';

/** Something that a command needs and that is not the same in another place: a folder, a server, a secret. */
export interface RunbookVariable {
  readonly name: string;
  readonly what: string;
  /** What it was in the run; empty for a secret. */
  readonly was: string;
}

/** One thing to do, in the order in which it was done. */
export interface RunbookStep {
  readonly title: string;
  /** As a shell takes it; empty for what is done by other means. */
  readonly command: string;
  readonly seconds: number | null;
  readonly exitCode: number | null;
  readonly ok: boolean;
}

/** How a run restored what it restored: a plan for a disaster that was followed once, to its end or not. */
export interface Runbook {
  readonly drill: string;
  readonly claim: string;
  readonly run: string;
  readonly startedAt: string;
  readonly substrate: string;
  readonly workload: string;
  /** Undefined when the run was cut off, or its result is damaged. */
  readonly verdict: Verdict | undefined;
  readonly rtoSeconds: number | null;
  readonly variables: readonly RunbookVariable[];
  readonly steps: readonly RunbookStep[];
  /** What must be mended before anybody relies on the plan. */
  readonly fixes: readonly string[];
  readonly notCovered: readonly string[];
}
