import { rpoRows, rtoRows } from '../digest/objectives.ts';
import { isMeasured } from '../digest/quantities.ts';
import type { HistoryEntry } from '../history/entry.ts';
import { medianOf } from './statistics.ts';

const LAST = 10;
/** Of fewer runs before it, nothing is said. */
const LEAST = 5;
/** Both must hold: small times double by chance, and large ones are too long before they do. */
const SLOWER_BY_FACTOR = 1.5;
const SLOWER_BY_SECONDS = 5;

/** The last run against the median of the ten passed runs before it. */
export interface TrendRow {
  readonly measure: 'rto' | 'rpo';
  readonly component: string;
  readonly run: string;
  readonly lastSeconds: number;
  readonly medianSeconds: number | null;
  readonly of: number;
  readonly standing: 'regression' | 'improvement' | 'steady' | 'too few runs';
}

/** The trends of one drill's runs, oldest first. Only those that passed are comparable. */
export function trendsOf(entries: readonly HistoryEntry[]): TrendRow[] {
  const passed = entries.filter(({ verdict, partial }) => verdict === 'pass' && !partial);
  const last = passed.at(-1);
  if (!last) return [];
  const before = passed.slice(-LAST - 1, -1);
  const rows = [
    ...rtoRows(last).map(({ component }) => trendOf('rto', component, last, before)),
    ...rpoRows(last).map(({ component }) => trendOf('rpo', component, last, before)),
  ];
  return rows.filter((row) => row !== undefined);
}

function trendOf(
  measure: TrendRow['measure'],
  component: string,
  last: HistoryEntry,
  before: readonly HistoryEntry[],
): TrendRow | undefined {
  const lastSeconds = secondsOf(last, measure, component);
  if (!isMeasured(lastSeconds)) return undefined;
  const earlier = before.map((entry) => secondsOf(entry, measure, component)).filter(isMeasured);
  const median = medianOf(earlier);
  const base = { measure, component, run: last.run.id, lastSeconds, medianSeconds: median, of: earlier.length };
  if (median === null || earlier.length < LEAST) return { ...base, standing: 'too few runs' };
  if (isSlower(lastSeconds, median)) return { ...base, standing: 'regression' };
  return { ...base, standing: isSlower(median, lastSeconds) ? 'improvement' : 'steady' };
}

function isSlower(seconds: number, than: number): boolean {
  return seconds > than * SLOWER_BY_FACTOR && seconds > than + SLOWER_BY_SECONDS;
}

function secondsOf(entry: HistoryEntry, measure: TrendRow['measure'], component: string): number | null {
  const report = entry[measure];
  return component === 'all' ? report.seconds : (report.components[component]?.seconds ?? null);
}
