import type { Verdict } from '../../../harness/model/verdict.ts';
import type { HistoryEntry } from '../../history/entry.ts';
import { AXIS, CHART_TEXT, type ChartSize, renderChart } from './render-chart.ts';

const HEIGHT = { wide: 190, narrow: 190 } as const;
const BARS: readonly (readonly [Verdict, string])[] = [
  ['pass', 'var(--good-bar)'],
  ['fail', 'var(--bad-bar)'],
  ['unknown', 'var(--doubt-bar)'],
];

/** How many runs of each month passed, failed or could not be verified; the numbers stand in the bars. */
export function verdictChart(runs: readonly HistoryEntry[], size: ChartSize): string {
  const months = [...new Set(runs.map(({ run }) => run.endedAt.slice(0, 7)))];
  const count = (month: string, verdict: Verdict) =>
    runs.filter((entry) => entry.run.endedAt.startsWith(month) && entry.verdict === verdict).length;
  const series = BARS.map(([verdict, color]) => ({
    ...{ type: 'bar', name: verdict, stack: 'runs', barMaxWidth: 48, silent: true, emphasis: { disabled: true } },
    itemStyle: { color },
    data: months.map((month) => count(month, verdict) || null),
  })).filter(({ data }) => data.some((value) => value !== null));
  return renderChart(size, HEIGHT[size], {
    legend: {
      top: 0,
      left: 0,
      itemWidth: 12,
      itemHeight: 12,
      icon: 'rect',
      textStyle: CHART_TEXT,
      selectedMode: false,
    },
    grid: { left: 62, right: 14, top: 30, bottom: 26 },
    xAxis: { type: 'category', data: months, ...AXIS, axisLabel: { ...CHART_TEXT, hideOverlap: true } },
    yAxis: { type: 'value', minInterval: 1, ...AXIS, axisLabel: CHART_TEXT },
    series,
  });
}
