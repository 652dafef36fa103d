import { formatDuration } from '../../../harness/model/duration.ts';
import type { ObjectiveRow } from '../../digest/objectives.ts';
import { isMeasured } from '../../digest/quantities.ts';
import type { HistoryEntry } from '../../history/entry.ts';
import { AXIS, CHART_TEXT, type ChartSize, renderChart } from './render-chart.ts';

/** What took no time at all has no place on a logarithmic axis. */
const LEAST_SECONDS = 0.1;
/** Lines at a second, a minute and an hour. */
const MINUTE = 60;
/** The first day of a month or year is not to be larger than the others. */
const PLAIN = Object.fromEntries(['primary', 'secondary', 'tertiary'].map((level) => [level, CHART_TEXT]));
const HEIGHT = { wide: 300, narrow: 260 } as const;

/** The RTO or RPO of every run, the whole and its components, with the objective of the whole; on a logarithmic axis. */
export function timeChart(
  runs: readonly HistoryEntry[],
  rowsOf: (entry: HistoryEntry) => readonly ObjectiveRow[],
  { size, components: most }: { readonly size: ChartSize; readonly components: number },
): string {
  const rows = runs.map((entry) => ({ at: Date.parse(entry.run.endedAt), rows: rowsOf(entry) }));
  const components = [...new Set(rows.flatMap((run) => run.rows.map(({ component }) => component)))].filter(
    (name) => name !== 'all',
  );
  const points = (component: string, pick: (row: ObjectiveRow) => number | null) =>
    rows.map(({ at, rows }) => {
      const row = rows.find((one) => one.component === component);
      const seconds = row && pick(row);
      return [at, isMeasured(seconds) ? Math.max(LEAST_SECONDS, seconds) : null];
    });
  const line = (name: string, index: number, data: (number | null)[][], more: object) => ({
    ...{
      type: 'line',
      name,
      data,
      symbol: runs.length > 1 ? 'none' : 'circle',
      silent: true,
      emphasis: { disabled: true },
    },
    ...{ color: `var(--c${index})`, lineStyle: { color: `var(--c${index})`, width: 1 } },
    ...more,
  });
  const series = [
    line(
      'overall',
      0,
      points('all', ({ seconds }) => seconds),
      { lineStyle: { color: 'var(--c0)', width: 2.5 }, z: 3 },
    ),
    ...components.slice(0, most).map((name, index) =>
      line(
        name,
        index + 1,
        points(name, ({ seconds }) => seconds),
        {},
      ),
    ),
    line(
      'overall objective',
      7,
      points('all', ({ objectiveSeconds }) => objectiveSeconds),
      {
        lineStyle: { color: 'var(--objective)', width: 1.5, type: [6, 4] },
        color: 'var(--objective)',
      },
    ),
  ].filter(({ data }) => data.some(([, value]) => value !== null));
  if (series.length === 0) return '';
  return renderChart(size, HEIGHT[size], {
    legend: {
      top: 0,
      left: 0,
      itemWidth: 18,
      itemHeight: 2,
      itemGap: 18,
      icon: 'rect',
      textStyle: CHART_TEXT,
      selectedMode: false,
    },
    grid: { left: 62, right: 14, top: size === 'wide' ? 36 : 72, bottom: 26 },
    xAxis: {
      type: 'time',
      ...AXIS,
      splitNumber: size === 'wide' ? 6 : 3,
      axisLabel: { ...CHART_TEXT, formatter: dayOf, hideOverlap: true, margin: 10, rich: PLAIN },
    },
    yAxis: { type: 'log', logBase: MINUTE, ...AXIS, axisLabel: { ...CHART_TEXT, formatter: timeOf } },
    series,
  });
}

/** Below a second there is only one line, at a sixtieth. */
function timeOf(seconds: number): string {
  return seconds < 0.05
    ? '0 s'
    : formatDuration(seconds)
        .replace(/^1\.0 s$/, '1 s')
        .replace(/ 00 [ms]$/, '');
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(2, 10);
}
