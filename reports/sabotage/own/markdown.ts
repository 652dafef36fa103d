import { join } from 'node:path';
import type { OwnOutcome, OwnSabotageReport, OwnSabotageResult } from '../../../harness/model/own-sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { markdownCode, markdownText } from '../../markdown/escape.ts';
import { adviceOf, ownSentence, waysInOrder } from '../own-sentence.ts';
import { markedWord } from '../page.ts';

const SIGNS: Readonly<Record<OwnOutcome, string>> = { caught: '✓ caught', noticed: '? not told', missed: '**MISSED**' };

/** Writes `sabotage.md`. */
export const report: OwnSabotageReport = {
  write: async (result) => [
    await writeAtomically(join(result.folder, 'sabotage.md'), renderOwnSabotageMarkdown(result)),
  ],
};

/** Every way with its outcome and what said so, and what would have the others noticed, as Markdown. */
export function renderOwnSabotageMarkdown(result: OwnSabotageResult): string {
  const { drill, exitCode, trouble, ways, notApplicable } = result;
  const missed = waysInOrder(result).filter(({ outcome }) => outcome === 'missed');
  const table = waysInOrder(result).map(({ name, about, outcome, by, said }) =>
    line([markdownCode(name), markdownText(about), SIGNS[outcome], markdownText(by), markdownText(said)]),
  );
  return `${[
    `# ${markedWord(exitCode)}: sabotage of a copy of ${markdownText(drill)}`,
    `**${markdownText(ownSentence(result))}**`,
    ...(trouble === '' ? [] : [markdownText(trouble)]),
    ...listOf(
      'What would go unnoticed',
      missed.map((way) => `${markdownCode(way.name)}: ${markdownText(way.about)} ${markdownText(adviceOf(way))}`),
    ),
    ...(ways.length === 0
      ? []
      : [
          '## All ways',
          [line(['Way', 'What is wrong', 'Outcome', 'By', 'What it said']), line(Array(5).fill('---')), ...table].join(
            '\n',
          ),
        ]),
    ...listOf(
      'Not applicable',
      notApplicable.map(({ name, why }) => `${markdownCode(name)}: ${markdownText(why)}`),
    ),
  ].join('\n\n')}\n`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function listOf(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, lines.map((one) => `- ${one}`).join('\n')];
}
