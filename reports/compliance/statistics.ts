import type { ObjectiveRow } from '../digest/objectives.ts';
import { isMeasured } from '../digest/quantities.ts';

/** Times against objectives over many runs; seconds are null when nothing was measured. */
export interface Tally {
  readonly medianSeconds: number | null;
  readonly worstSeconds: number | null;
  /** The objective of the last of them that had one. */
  readonly objectiveSeconds: number | null;
  readonly met: number;
  readonly missed: number;
  /** Had an objective, and no time. */
  readonly notMeasured: number;
}

/** Sums up the same row of many runs, oldest first. */
export function tallyOf(rows: readonly ObjectiveRow[]): Tally {
  const seconds = rows.map((row) => row.seconds).filter(isMeasured);
  const count = (wanted: ObjectiveRow['standing']) => rows.filter(({ standing }) => standing === wanted).length;
  const withObjective = rows.filter(({ objectiveSeconds }) => isMeasured(objectiveSeconds));
  return {
    medianSeconds: medianOf(seconds),
    worstSeconds: seconds.length > 0 ? Math.max(...seconds) : null,
    objectiveSeconds: withObjective.at(-1)?.objectiveSeconds ?? null,
    met: count('met'),
    missed: count('missed'),
    notMeasured: withObjective.filter(({ seconds }) => !isMeasured(seconds)).length,
  };
}

/** The value in the middle, or null of nothing. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
