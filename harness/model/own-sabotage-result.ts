import type { Verdict } from './verdict.ts';

/** What the drill of a ruined copy came to: `noticed` when it could not tell, which is neither a catch nor a pass. */
export const OWN_OUTCOMES = ['caught', 'noticed', 'missed'] as const;
export type OwnOutcome = (typeof OWN_OUTCOMES)[number];

/** One way to ruin a copy of somebody's backup, and what a drill of their set-up says of it. */
export interface OwnWay {
  readonly name: string;
  /** One sentence: what is wrong with the copy. */
  readonly about: string;
  readonly outcome: OwnOutcome;
  /** What said so first: `originals of library`, `restore of database`; empty when nothing did. */
  readonly by: string;
  /** Its first finding, in one line. */
  readonly said: string;
  /** What of the configuration would have it noticed, where that is known; empty when it is not, or when it was caught. */
  readonly advice: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly seconds: number;
  /** The folder of the run. */
  readonly run: string;
}

/** A way that does not fit the backup, and why. */
export interface OwnWayLeftOut {
  readonly name: string;
  readonly about: string;
  readonly why: string;
}

/** The drill of the copy as it was fetched, which must pass before anything can be measured. */
export interface OwnHealthy {
  readonly passed: boolean;
  readonly verdict: Verdict;
  /** What did not pass; empty otherwise. */
  readonly why: string;
  readonly seconds: number;
  readonly run: string;
}

/** Everything that `drill sabotage --config` came to: what `--json` prints. */
export interface OwnSabotageResult {
  readonly schemaVersion: 1;
  readonly kind: 'own-backups';
  readonly id: string;
  readonly drill: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seconds: number;
  readonly folder: string;
  readonly exitCode: number;
  /** Why nothing, or not all, could be measured; empty when all was. */
  readonly trouble: string;
  /** What was fetched; null when it did not come to that. */
  readonly copied: { readonly files: number; readonly sizeBytes: number; readonly dump: string } | null;
  readonly healthy: OwnHealthy | null;
  readonly ways: readonly OwnWay[];
  readonly notApplicable: readonly OwnWayLeftOut[];
  readonly total: number;
  readonly caught: number;
  readonly noticed: number;
  readonly missed: number;
  /** Share of the ways that were caught, in percent; null when none was tried. */
  readonly killScore: number | null;
}

/** A way to publish it: writes into its folder and gives the files that it wrote. */
export interface OwnSabotageReport {
  write(result: OwnSabotageResult): Promise<string[]>;
}
