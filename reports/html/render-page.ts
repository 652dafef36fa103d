import type { Cell, Page, Section } from '../digest/page.ts';
import { formatCount } from '../digest/quantities.ts';
import type { Trouble } from '../digest/troubles.ts';
import { plainLines } from '../text/one-line.ts';
import { htmlLines, htmlText } from './escape.ts';
import { STYLE } from './style.ts';

const SIGNS = { good: '✓', bad: '✗', doubt: '?' } as const;
const TONES: Readonly<Record<string, keyof typeof SIGNS>> = { PASS: 'good', FAIL: 'bad', UNKNOWN: 'doubt' };
const TAIL_LONGEST = 4000;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The page as one HTML document that loads nothing; `extras` are put above the table of the section of that id. */
export function renderHtmlPage(page: Page, extras: Readonly<Record<string, string>>): string {
  const { word, sentence } = page.headline;
  const facts = page.facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${htmlText(value) || '–'}</dd></div>`);
  const claim = page.claim ? `<p class="claim">What a pass proves: ${htmlText(page.claim)}</p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="icon" href="data:,">
<title>${word}: ${htmlText(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header class="verdict ${TONES[word] ?? 'doubt'}">
<h1>${htmlText(page.title)}</h1>
<p class="word">${word}</p>
<p class="sentence">${htmlText(sentence)}</p>
${claim}
</header>
<dl class="facts">${facts.join('')}</dl>
${troubles(page.troubles)}
${page.sections.map((section) => sectionOf(section, extras[section.id] ?? '')).join('\n')}
</main>
</body>
</html>
`;
}

function troubles(list: readonly Trouble[]): string {
  if (list.length === 0) return '';
  const title = 'What went wrong, and what to do next';
  return `<section aria-labelledby="troubles"><h2 id="troubles">${title}</h2>\n${list.map(trouble).join('\n')}\n</section>`;
}

function trouble({ title, what, next, findings, findingCount, tail, outcome }: Trouble): string {
  const rows = findings.map(({ subject, expected, actual }): Cell[] => [
    { text: subject, kind: 'code' },
    { text: expected, kind: 'text' },
    { text: actual, kind: 'text' },
  ]);
  const tone = outcome === 'fail' ? 'bad' : 'doubt';
  const more =
    findingCount > rows.length ? `<p class="note">… and ${formatCount(findingCount - rows.length)} more.</p>` : '';
  return `<div class="trouble ${tone}">
<h3><span class="tone">${SIGNS[tone]}</span> ${htmlText(title)}</h3>
<p>${htmlText(what)}</p>
${rows.length > 0 ? tableOf(['What', 'Expected', 'Found'], rows, `Findings of ${title}`) : ''}${more}
${block(tail)}
<p class="next"><strong>Next:</strong> ${htmlText(next)}</p>
</div>`;
}

function sectionOf({ id, title, note, columns, rows, commands }: Section, extra: string): string {
  if (rows.length === 0 && note === '') return '';
  return `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${note ? `<p class="note">${htmlText(note)}</p>` : ''}
${extra}
${rows.length > 0 ? tableOf(columns, rows, title) : ''}
${block(commands.join('\n'))}
</section>`;
}

function block(text: string): string {
  return text.trim() ? `<pre>${htmlLines(plainLines(text, TAIL_LONGEST))}</pre>` : '';
}

// On a phone the rows become blocks, which takes their meaning from the table; the roles give it back.
function tableOf(columns: readonly string[], rows: readonly (readonly Cell[])[], label: string): string {
  const kinds = rows[0]?.map(({ kind }) => kind) ?? [];
  const head = columns.map((column, index) => {
    const align = kinds[index] === 'number' ? ' class="number"' : '';
    return `<th role="columnheader" scope="col"${align}>${column}</th>`;
  });
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => cellOf(cell, columns[index] ?? ''));
    return `<tr role="row">${cells.join('')}</tr>`;
  });
  return `<table role="table" aria-label="${htmlText(label)}">
<thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead>
<tbody role="rowgroup">
${body.join('\n')}
</tbody></table>`;
}

function cellOf({ text, kind, tone }: Cell, label: string): string {
  const open = `<td role="cell" data-label="${label}"`;
  if (tone) {
    const sign = `<span aria-hidden="true">${SIGNS[tone]}</span>`;
    return `${open}><span class="tone ${tone}">${sign} ${htmlText(text)}</span></td>`;
  }
  if (kind === 'number') return `${open} class="number">${htmlText(text)}</td>`;
  return `${open}><span>${kind === 'code' ? `<code>${htmlText(text)}</code>` : htmlText(text)}</span></td>`;
}
