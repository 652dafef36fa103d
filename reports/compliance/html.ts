import { rpoRows, rtoRows } from '../digest/objectives.ts';
import type { Tone } from '../digest/page.ts';
import { htmlText } from '../html/escape.ts';
import { STYLE } from '../html/style.ts';
import { drillTitle } from './attention.ts';
import { CHART_SIZES, type ChartSize } from './charts/render-chart.ts';
import { timeChart } from './charts/time-chart.ts';
import { verdictChart } from './charts/verdict-chart.ts';
import type { Compliance, DrillCompliance } from './compliance.ts';
import { complianceHeadline } from './headline.ts';
import {
  type ComplianceTable,
  controlTable,
  evidenceTable,
  type LinkedCell,
  type LinkTo,
  monthsTable,
  overviewTable,
  scheduleTable,
  trendTable,
} from './sections.ts';
import { COMPLIANCE_STYLE } from './style.ts';

const MOST_BYTES = 1024 ** 2;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
/** Text of more characters is wrapped; shorter text stays on its line. */
const LONG = 40;
const SIGNS = { good: '✓', bad: '✗', doubt: '?' } as const;

/** How much a page says; less is taken when more would be too large. */
interface Detail {
  readonly runs: number;
  readonly components: number;
}

const DETAILS: readonly Detail[] = [
  { runs: 400, components: 6 },
  { runs: 200, components: 2 },
  { runs: 100, components: 0 },
];

/** The report as one HTML page of less than 1 MiB that loads nothing. */
export function renderComplianceHtml(report: Compliance, linkTo: LinkTo = () => undefined): string {
  let page = '';
  for (const detail of DETAILS) {
    page = pageOf(report, linkTo, detail);
    if (Buffer.byteLength(page) < MOST_BYTES) break;
  }
  return page;
}

function pageOf(report: Compliance, linkTo: LinkTo, { runs, components }: Detail): string {
  const { tone, word, sentence, facts } = complianceHeadline(report);
  const items = report.attention.map((one) => `<li class="${one.tone}">${sign(one.tone)} ${htmlText(one.text)}</li>`);
  const attention = `<section><h2 id="attention">What needs attention</h2>\n<ul class="attention">${items.join('\n')}</ul></section>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="icon" href="data:,">
<title>Backup restore compliance: ${word}</title>
<style>${STYLE}${COMPLIANCE_STYLE}</style>
</head>
<body>
<main>
<header class="verdict ${tone}">
<h1>Backup restore compliance</h1>
<p class="word">${word}</p>
<p class="sentence">${sentence}</p>
</header>
<dl class="facts">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${htmlText(value)}</dd></div>`).join('')}</dl>
${items.length > 0 ? attention : ''}
${section(overviewTable(report))}
${report.drills.map((drill, index) => drillSection(drill, index, components)).join('\n')}
${[scheduleTable(report), trendTable(report), controlTable(report), evidenceTable(report, linkTo, runs)].map((table) => section(table)).join('\n')}
</main>
</body>
</html>
`;
}

function section(table: ComplianceTable): string {
  return `<section><h2 id="${table.id}">${table.title}</h2>
${tableOf(table, table.id)}
</section>`;
}

function drillSection(drill: DrillCompliance, index: number, components: number): string {
  const id = `drill-${index}`;
  const title = htmlText(drillTitle(drill));
  const charts = [
    figure(`How the runs of ${title} ended, by month`, (size) => verdictChart(drill.runs, size)),
    figure(`Time to restore (RTO) of ${title} (log scale)`, (size) =>
      timeChart(drill.runs, rtoRows, { size, components }),
    ),
    figure(`Data lost (RPO) of ${title} (log scale)`, (size) => timeChart(drill.runs, rpoRows, { size, components })),
  ];
  return `<section><h2>${title}</h2>
${drill.runs.length > 0 ? charts.join('\n') : ''}
<h3 id="${id}-months">By month and component</h3>
${tableOf(monthsTable(drill), `${id}-months`)}
</section>`;
}

function figure(caption: string, chart: (size: ChartSize) => string): string {
  const drawn = CHART_SIZES.map((size) => ({ size, svg: chart(size) })).filter(({ svg }) => svg !== '');
  if (drawn.length === 0) return '';
  const pictures = drawn.map(({ size, svg }) => `<div class="${size}">${svg}</div>`).join('\n');
  return `<figure><figcaption>${caption}</figcaption>\n${pictures}</figure>`;
}

/** Wide tables are scrolled sideways in a box of their own, which the keyboard reaches. */
function tableOf({ note, columns, rows }: ComplianceTable, labelledBy: string): string {
  const said = note ? `<p class="note">${htmlText(note)}</p>` : '';
  if (rows.length === 0) return said;
  const kinds = rows[0]?.map(({ kind }) => kind) ?? [];
  const head = columns.map(
    (column, index) => `<th scope="col"${kinds[index] === 'number' ? ' class="number"' : ''}>${column}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map(cellOf).join('')}</tr>`);
  return `${said}
<div class="scroll" role="region" tabindex="0" aria-labelledby="${labelledBy}"><table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>`;
}

function cellOf({ text, kind, tone, href }: LinkedCell): string {
  const content = htmlText(text);
  const link = href === undefined ? content : `<a href="${htmlText(encodeURI(href))}">${content}</a>`;
  if (tone) return `<td><span class="tone ${tone}">${sign(tone)} ${link}</span></td>`;
  if (kind === 'number') return `<td class="number">${link}</td>`;
  return `<td${text.length > LONG ? ' class="long"' : ''}>${kind === 'code' ? `<code>${link}</code>` : link}</td>`;
}

function sign(tone: Tone): string {
  return `<span aria-hidden="true">${SIGNS[tone]}</span>`;
}
