import { join } from 'node:path';
import type { SabotageCell, SabotageReport, SabotageResult } from '../../../harness/model/sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { htmlText } from '../../html/escape.ts';
import { STYLE } from '../../html/style.ts';
import { type CellState, type Grid, gridsOf, sentenceOf } from '../grid.ts';
import { tableSection } from '../table.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const WORDS: Readonly<Record<CellState, string>> = {
  caught: '<span class="tone good"><span aria-hidden="true">✓</span> caught</span>',
  missed: '<span class="tone bad"><span aria-hidden="true">✗</span> missed</span>',
  'not applicable': '<span>n/a</span>',
  'not run': '<span></span>',
};

/** Writes `sabotage.html`, which loads nothing from outside. */
export const report: SabotageReport = {
  write: async (result) => [await writeAtomically(join(result.folder, 'sabotage.html'), renderSabotageHtml(result))],
};

/** The matrix as one page: what got through first, then the matrix, then the evidence of each catch. */
export function renderSabotageHtml(result: SabotageResult): string {
  const good = result.exitCode === 0;
  const title = `sabotage of ${result.drill} on ${result.substrate}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="icon" href="data:,">
<title>${good ? 'PASS' : 'FAIL'}: ${htmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header class="verdict ${good ? 'good' : 'bad'}">
<h1>${htmlText(title)}</h1>
<p class="word">${good ? 'PASS' : 'FAIL'}</p>
<p class="sentence">${htmlText(sentenceOf(result))}</p>
</header>
${tableSection(
  'What got through',
  ['Sabotage', 'Path', 'Why'],
  result.missed.map((cell) => [cell.sabotage, placeOf(cell), cell.why].map(htmlText)),
)}
${tableSection(
  'False alarms',
  ['Path', 'Why'],
  result.falseAlarms.map((twin) => [placeOf(twin), twin.why].map(htmlText)),
)}
${gridsOf(result).map(gridOf).join('\n')}
${tableSection('Evidence of each catch', ['Sabotage', 'Path', 'What was harmed', 'What said so'], result.cells.map(evidenceOf))}
${tableSection(
  'Waiting for a path',
  ['Sabotage', 'What goes wrong', 'Waits for'],
  result.waiting.map((one) => [one.sabotage, one.summary, one.waitsFor].map(htmlText)),
)}
</main>
</body>
</html>
`;
}

function gridOf({ component, paths, rows }: Grid): string {
  const cells = rows.map(({ sabotage, states, by }) => [
    `<code>${htmlText(sabotage)}</code>`,
    ...states.map((state) => WORDS[state]),
    htmlText(by.join(', ')),
  ]);
  return tableSection(component, ['Sabotage', ...paths, 'Caught by'], cells);
}

function evidenceOf(cell: SabotageCell): string[] {
  const said = cell.complaints.filter(({ expected }) => expected).map(({ by, said }) => `${by}: ${said}`);
  return [cell.sabotage, placeOf(cell), cell.harmed.join(', '), said.join(' · ')].map(htmlText);
}

function placeOf({ component, path }: { readonly component: string; readonly path: string }): string {
  return `${component} by ${path}`;
}
