import { type CellState, type Grid, gridsOf, sentenceOf } from '../../../reports/sabotage/grid.ts';
import { oneLine } from '../../../reports/text/one-line.ts';
import { formatDuration } from '../../model/duration.ts';
import type { SabotageResult } from '../../model/sabotage-result.ts';
import { alignColumns, cutTo, wrapTo } from '../columns.ts';
import { type Painter, painter } from '../painter.ts';
import type { SummaryOptions } from '../summary.ts';

const WIDEST = 160;
const NARROWEST = 60;
const WORDS: Readonly<Record<CellState, string>> = {
  caught: 'caught',
  missed: 'MISSED',
  'not applicable': 'n/a',
  'not run': '-',
};

/** The matrix for a terminal: the outcome first, then what got through, then who caught what. */
export function renderMatrix(result: SabotageResult, options: SummaryOptions): string {
  const paint = painter(options.color);
  const columns = Math.min(WIDEST, Math.max(NARROWEST, options.columns || WIDEST));
  const blocks = [
    headBlock(result, paint),
    troubleBlock(result, paint, columns),
    ...gridsOf(result).map((grid) => gridBlock(grid, paint, columns)),
    waitingBlock(result, paint, columns),
    [`Evidence: ${oneLine(result.folder)}`],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headBlock(result: SabotageResult, paint: Painter): string[] {
  const good = result.exitCode === 0;
  const word = good ? paint.good('PASS') : paint.bad(result.exitCode === 1 ? 'FAIL' : 'STOP');
  const part = result.shard === '' ? '' : `, part ${result.shard}`;
  return [
    `${word}  ${paint.strong(sentenceOf(result))}`,
    `      ${paint.faint(`sabotage of ${result.drill} on ${result.substrate}${part}, ${formatDuration(result.seconds)} in all`)}`,
  ];
}

function troubleBlock({ missed, falseAlarms }: SabotageResult, paint: Painter, columns: number): string[] {
  if (missed.length + falseAlarms.length === 0) return [];
  const lines = (title: string, why: string, run: string) => [
    paint.bad(`  ✗ ${title}`),
    ...wrapTo(oneLine(why), columns - 4).map((line) => `    ${line}`),
    paint.faint(`    ${run}`),
  ];
  return [
    paint.strong('What got through, and what was reported without cause'),
    ...missed.flatMap((cell) => lines(`${cell.sabotage}, ${cell.component} by ${cell.path}`, cell.why, cell.run)),
    ...falseAlarms.flatMap((twin) => lines(`healthy ${twin.component} by ${twin.path}`, twin.why, twin.run)),
  ];
}

function gridBlock({ component, paths, rows }: Grid, paint: Painter, columns: number): string[] {
  const head = [component, ...paths, 'by'];
  const body = rows.map(({ sabotage, states, by }) => [
    `  ${sabotage}`,
    ...states.map((state) => WORDS[state]),
    by.join(', '),
  ]);
  return alignColumns([head, ...body]).map((line, index) => {
    const cut = cutTo(line, columns);
    if (index === 0) return paint.strong(cut);
    return cut.replaceAll('MISSED', paint.bad('MISSED'));
  });
}

function waitingBlock({ waiting }: SabotageResult, paint: Painter, columns: number): string[] {
  if (waiting.length === 0) return [];
  const rows = waiting.map(({ sabotage, waitsFor }) => [`  ${sabotage}`, waitsFor]);
  return [
    paint.strong('Not tested: these wait for a path'),
    ...alignColumns(rows).map((line) => paint.faint(cutTo(line, columns))),
  ];
}
