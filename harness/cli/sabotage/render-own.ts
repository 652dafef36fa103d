import { formatBytes, formatCount, formatMany } from '../../../reports/digest/quantities.ts';
import { adviceOf, ownSentence, waysInOrder } from '../../../reports/sabotage/own-sentence.ts';
import { oneLine } from '../../../reports/text/one-line.ts';
import type { OwnSabotageListener } from '../../existing/sabotage/own-sabotage-options.ts';
import { formatDuration } from '../../model/duration.ts';
import type { OwnOutcome, OwnSabotageResult } from '../../model/own-sabotage-result.ts';
import { alignColumns, cutTo, wrapTo } from '../columns.ts';
import { type Painter, painter } from '../painter.ts';
import type { SummaryOptions } from '../summary.ts';

const WIDEST = 160;
const NARROWEST = 60;
const WORDS: Readonly<Record<OwnOutcome, string>> = { caught: 'caught', noticed: 'not told', missed: 'MISSED' };
const HEADS: Readonly<Record<number, string>> = { 0: 'PASS', 1: 'FAIL', 2: 'UNKNOWN' };

/** One line on stderr for every way that was tried: they end in any order. */
export function ownProgress(stream: NodeJS.WriteStream = process.stderr): OwnSabotageListener {
  let all = 0;
  let done = 0;
  return {
    note: (line) => stream.write(`${oneLine(line)}\n`),
    planned: (ways, leftOut) => {
      all = ways;
      stream.write(
        `${formatMany(ways, 'way')} to ruin it, ${formatCount(leftOut)} that ${leftOut === 1 ? 'does' : 'do'} not fit\n`,
      );
    },
    way: ({ name, outcome, by, seconds }) => {
      done += 1;
      const where = `${String(done).padStart(String(all).length)}/${all}`;
      const word = WORDS[outcome].padEnd(WORDS.noticed.length);
      stream.write(`${where} ${word} ${name.padEnd(28)} ${formatDuration(seconds).padStart(6)}  ${oneLine(by)}\n`);
    },
  };
}

/** What a drill of somebody's set-up would and would not notice, for a terminal. */
export function renderOwn(result: OwnSabotageResult, options: SummaryOptions): string {
  const paint = painter(options.color);
  const columns = Math.min(WIDEST, Math.max(NARROWEST, options.columns || WIDEST));
  const blocks = [
    headBlock(result, paint, columns),
    wayBlock(result, paint, columns),
    leftOutBlock(result, paint, columns),
    adviceBlock(result, paint, columns),
    [`Evidence: ${oneLine(result.folder)}`],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headBlock(result: OwnSabotageResult, paint: Painter, columns: number): string[] {
  const { exitCode, copied, drill, seconds, trouble } = result;
  const word = HEADS[exitCode] ?? 'STOP';
  const size = copied ? `, ${formatMany(copied.files, 'file')}, ${formatBytes(copied.sizeBytes)}` : '';
  const [first = '', ...more] = wrapTo(oneLine(ownSentence(result)), columns - word.length - 2);
  return [
    `${exitCode === 0 ? paint.good(word) : paint.bad(word)}  ${paint.strong(first)}`,
    ...more.map((line) => ' '.repeat(word.length + 2) + paint.strong(line)),
    `      ${paint.faint(`sabotage of a copy of ${oneLine(drill)}${size}, ${formatDuration(seconds)} in all`)}`,
    ...(trouble === '' ? [] : wrapTo(oneLine(trouble), columns - 4).map((line) => `    ${line}`)),
  ];
}

function wayBlock(result: OwnSabotageResult, paint: Painter, columns: number): string[] {
  const rows = waysInOrder(result).map(({ name, outcome, by, said }) => [
    `  ${name}`,
    WORDS[outcome],
    oneLine(by),
    oneLine(said),
  ]);
  if (rows.length === 0) return [];
  return alignColumns([['way', 'outcome', 'by', 'what it said'], ...rows]).map((line, index) => {
    const cut = cutTo(line, columns);
    return index === 0 ? paint.strong(cut) : cut.replace('MISSED', paint.bad('MISSED'));
  });
}

function leftOutBlock({ notApplicable }: OwnSabotageResult, paint: Painter, columns: number): string[] {
  if (notApplicable.length === 0) return [];
  const rows = notApplicable.map(({ name, why }) => [`  ${name}`, oneLine(why)]);
  return [paint.strong('Not applicable'), ...alignColumns(rows).map((line) => paint.faint(cutTo(line, columns)))];
}

function adviceBlock(result: OwnSabotageResult, paint: Painter, columns: number): string[] {
  const missed = result.ways.filter(({ outcome }) => outcome === 'missed');
  if (missed.length === 0) return [];
  return [
    paint.strong('What would go unnoticed, and what would have it noticed'),
    ...missed.flatMap((way) => [
      paint.bad(`  ✗ ${way.name}`),
      ...wrapTo(oneLine(`${way.about} ${adviceOf(way)}`), columns - 4).map((line) => `    ${line}`),
    ]),
  ];
}
