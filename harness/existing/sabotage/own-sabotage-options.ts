import type { RunOptions } from '../../engine/engine.ts';
import type { OwnWay } from '../../model/own-sabotage-result.ts';
import type { OwnSabotage } from './own-sabotage.ts';

/** For runs of which nobody watches the phases. */
export const SILENT = { phaseStarted: () => {}, phaseEnded: () => {}, step: () => {} };

/** What is told while it goes on. */
export interface OwnSabotageListener {
  note(line: string): void;
  planned(ways: number, leftOut: number): void;
  way(way: OwnWay): void;
}

/** How copies are ruined. */
export interface OwnSabotageOptions extends Pick<RunOptions, 'runsFolder' | 'signal' | 'openSubstrate'> {
  /** The ways to try. */
  readonly ways: readonly OwnSabotage[];
  /** How large the copy may be. */
  readonly maxBytes: number;
  /** Drills at a time. */
  readonly jobs: number;
  readonly listener: OwnSabotageListener;
}
