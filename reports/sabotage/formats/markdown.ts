import { join } from 'node:path';
import type { SabotageReport, SabotageResult } from '../../../harness/model/sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { markdownCode, markdownText } from '../../markdown/escape.ts';
import { type CellState, type Grid, gridsOf, sentenceOf } from '../grid.ts';

const SIGNS: Readonly<Record<CellState, string>> = {
  caught: '✓',
  missed: '**MISSED**',
  'not applicable': '·',
  'not run': '',
};

/** Writes `sabotage.md`. */
export const report: SabotageReport = {
  write: async (result) => [await writeAtomically(join(result.folder, 'sabotage.md'), renderSabotageMarkdown(result))],
};

/** The matrix as Markdown: ✓ is caught, · is not applicable. */
export function renderSabotageMarkdown(result: SabotageResult): string {
  const part = result.shard === '' ? '' : `, part ${result.shard}`;
  return `${[
    `# ${result.exitCode === 0 ? '✅ PASS' : '❌ FAIL'}: sabotage of ${markdownText(result.drill)}`,
    `**${markdownText(sentenceOf(result))}**`,
    `On ${result.substrate}${part}, ${Math.round(result.seconds)} s in all. ✓ is caught, · is not applicable.`,
    ...troublesOf(result),
    ...gridsOf(result).flatMap(gridOf),
    ...listOf('Not applicable', notApplicable(result)),
    ...listOf(
      'Waiting for a path',
      result.waiting.map(
        ({ sabotage, summary, waitsFor }) =>
          `${markdownCode(sabotage)}: ${markdownText(summary)} It waits for ${markdownText(waitsFor)}.`,
      ),
    ),
  ].join('\n\n')}\n`;
}

function troublesOf({ missed, falseAlarms }: SabotageResult): string[] {
  return [
    ...listOf(
      'What got through',
      missed.map(
        ({ sabotage, component, path, why }) =>
          `${markdownCode(sabotage)}, ${component} by ${path}: ${markdownText(why)}`,
      ),
    ),
    ...listOf(
      'False alarms',
      falseAlarms.map(({ component, path, why }) => `${component} by ${path}: ${markdownText(why)}`),
    ),
  ];
}

function gridOf({ component, paths, rows }: Grid): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = ['Sabotage', ...paths, 'Caught by'];
  return [
    `## ${markdownText(component)}`,
    [
      line(head),
      line(head.map((_, index) => (index === 0 || index === head.length - 1 ? '---' : ':-:'))),
      ...rows.map(({ sabotage, states, by }) =>
        line([markdownCode(sabotage), ...states.map((state) => SIGNS[state]), markdownText(by.join(', '))]),
      ),
    ].join('\n'),
  ];
}

function notApplicable(result: SabotageResult): string[] {
  const byReason = new Map<string, string[]>();
  for (const { sabotage, path, why } of result.notApplicable)
    byReason.set(`${sabotage}\0${why}`, [...(byReason.get(`${sabotage}\0${why}`) ?? []), path]);
  return [...byReason].map(([key, paths]) => {
    const [sabotage = '', why = ''] = key.split('\0');
    return `${markdownCode(sabotage)} on ${paths.join(', ')}: ${markdownText(why)}`;
  });
}

function listOf(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${line}`).join('\n')];
}
