import { join } from 'node:path';
import type { SabotageCell, SabotageReport, SabotageResult } from '../../../harness/model/sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { htmlText } from '../../html/escape.ts';
import { type CellState, type Grid, gridsOf, sentenceOf } from '../grid.ts';
import { sabotagePage } from '../page.ts';
import { tableSection } from '../table.ts';

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
  const { drill, substrate, exitCode } = result;
  const head = { title: `sabotage of ${drill} on ${substrate}`, exitCode, sentence: sentenceOf(result) };
  return sabotagePage(head, [
    tableSection(
      'What got through',
      ['Sabotage', 'Path', 'Why'],
      result.missed.map((cell) => [cell.sabotage, placeOf(cell), cell.why].map(htmlText)),
    ),
    tableSection(
      'False alarms',
      ['Path', 'Why'],
      result.falseAlarms.map((twin) => [placeOf(twin), twin.why].map(htmlText)),
    ),
    ...gridsOf(result).map(gridOf),
    tableSection(
      'Evidence of each catch',
      ['Sabotage', 'Path', 'What was harmed', 'What said so'],
      result.cells.map(evidenceOf),
    ),
    tableSection(
      'Waiting for a path',
      ['Sabotage', 'What goes wrong', 'Waits for'],
      result.waiting.map((one) => [one.sabotage, one.summary, one.waitsFor].map(htmlText)),
    ),
  ]);
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
