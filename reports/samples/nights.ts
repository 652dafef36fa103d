import type { RtoReport } from '../../harness/model/result.ts';
import type { RunSummary } from '../history/run-summary.ts';
import { sampleSummary } from './history.ts';
import { samples } from './samples.ts';

const DAY_MS = 86_400_000;
const { failed, unknown, passed } = samples;

/** Every so many nights something goes wrong. */
const FAILED_EVERY = 61;
const UNKNOWN_EVERY = 83;
const SKIPPED_EVERY = 47;

/** Nightly runs up to a moment, oldest first: mostly green, some red, some not run, times that wander as real ones do. */
export function sampleNights(until: Date, nights: number, changes: Partial<RunSummary> = {}): RunSummary[] {
  return Array.from({ length: nights }, (_, index) => nights - 1 - index).flatMap((ago) => {
    const at = new Date(until.getTime() - ago * DAY_MS);
    const night = Math.floor(at.getTime() / DAY_MS);
    if (night % SKIPPED_EVERY === 0) return [];
    if (night % FAILED_EVERY === 0) return [sampleSummary(at, { result: failed, ...changes })];
    if (night % UNKNOWN_EVERY === 0) return [sampleSummary(at, { result: unknown, ...changes })];
    const factor = 1 + 0.35 * Math.sin(night * 12.9898) + (nights - ago) / nights / 2;
    return [
      sampleSummary(at, { rto: scaled(passed.rto, factor), rpo: { ...passed.rpo, seconds: 1.9 * factor }, ...changes }),
    ];
  });
}

function scaled(rto: RtoReport, factor: number): RtoReport {
  const times = (seconds: number | null) => (seconds === null ? null : Math.round(seconds * factor * 1000) / 1000);
  const components = Object.entries(rto.components).map(([name, one]) => [
    name,
    { ...one, seconds: times(one.seconds) },
  ]);
  return { ...rto, seconds: times(rto.seconds), components: Object.fromEntries(components) };
}
