import { join } from 'node:path';
import type { OwnOutcome, OwnSabotageReport, OwnSabotageResult } from '../../../harness/model/own-sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { htmlText } from '../../html/escape.ts';
import { adviceOf, ownSentence, waysInOrder } from '../own-sentence.ts';
import { sabotagePage } from '../page.ts';
import { tableSection } from '../table.ts';

const WORDS: Readonly<Record<OwnOutcome, string>> = {
  caught: '<span class="tone good"><span aria-hidden="true">✓</span> caught</span>',
  noticed: '<span><span aria-hidden="true">?</span> not told</span>',
  missed: '<span class="tone bad"><span aria-hidden="true">✗</span> missed</span>',
};

/** Writes `sabotage.html`, which loads nothing from outside. */
export const report: OwnSabotageReport = {
  write: async (result) => [await writeAtomically(join(result.folder, 'sabotage.html'), renderOwnSabotageHtml(result))],
};

/** What would go unnoticed first, then every way with what said so, then what did not fit. */
export function renderOwnSabotageHtml(result: OwnSabotageResult): string {
  const { drill, exitCode, trouble } = result;
  const ways = waysInOrder(result);
  const head = { title: `sabotage of a copy of ${drill}`, exitCode, sentence: ownSentence(result), trouble };
  return sabotagePage(head, [
    tableSection(
      'What would go unnoticed',
      ['Way', 'What is wrong', 'What would have it noticed'],
      ways
        .filter(({ outcome }) => outcome === 'missed')
        .map((way) => [way.name, way.about, adviceOf(way)].map(htmlText)),
    ),
    tableSection(
      'All ways',
      ['Way', 'What is wrong', 'Outcome', 'By', 'What it said'],
      ways.map(({ name, about, outcome, by, said }) => [
        `<code>${htmlText(name)}</code>`,
        htmlText(about),
        WORDS[outcome],
        htmlText(by),
        htmlText(said),
      ]),
    ),
    tableSection(
      'Not applicable',
      ['Way', 'Why'],
      result.notApplicable.map(({ name, why }) => [name, why].map(htmlText)),
    ),
  ]);
}
