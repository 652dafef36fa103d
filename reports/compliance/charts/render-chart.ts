import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** A page has each chart twice, for wide screens and for phones: text in a picture that is scaled down cannot be read. */
export const CHART_SIZES = ['wide', 'narrow'] as const;
export type ChartSize = (typeof CHART_SIZES)[number];

const WIDTH = { wide: 980, narrow: 340 } as const;

/** Text in charts; colours are variables of the page, which knows whether it is dark. */
export const CHART_TEXT = { color: 'var(--ink)', fontSize: 12, fontFamily: 'system-ui, sans-serif' } as const;

const LINE = { color: 'var(--line)' } as const;

/** The look of every axis. */
export const AXIS = {
  axisLine: { lineStyle: LINE },
  axisTick: { lineStyle: LINE },
  splitLine: { lineStyle: LINE },
} as const;

/** Renders a chart as SVG, without a browser. */
export function renderChart(size: ChartSize, height: number, option: EChartsCoreOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH[size], height });
  try {
    chart.setOption({ ...option, animation: false });
    return shortened(chart.renderToSVGString({ useViewBox: true }));
  } finally {
    chart.dispose();
  }
}

/** Without what only a mouse needs, and to a tenth of a pixel: it would be half of the page. The table beside it says the same. */
function shortened(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/, '')
    .replaceAll(/ (?:class|pointer-events|xml:space|stroke-linejoin)="[^"]*"/g, '')
    .replace('<svg ', '<svg aria-hidden="true" focusable="false" ')
    .replaceAll(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10));
}
