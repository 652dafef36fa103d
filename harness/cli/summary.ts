import { type ComponentDigest, componentsOf } from '../../reports/digest/components.ts';
import { headlineOf } from '../../reports/digest/headline.ts';
import { judgesObjective } from '../../reports/digest/outcome.ts';
import { formatCount, formatMany, formatSeconds } from '../../reports/digest/quantities.ts';
import { type Trouble, troublesOf } from '../../reports/digest/troubles.ts';
import { oneLine, plainLines } from '../../reports/text/one-line.ts';
import type { CheckResult, RunResult } from '../model/result.ts';
import { shellWord } from '../model/shell-word.ts';
import type { Verdict } from '../model/verdict.ts';
import { backupsBlock } from './backups-block.ts';
import { alignColumns, cutTo, wrapTo } from './columns.ts';
import { objectiveTables } from './objective-tables.ts';
import { type Painter, painter, paintVerdict, verdictSign } from './painter.ts';

/** How wide the terminal is, and whether it shows colours. */
export interface SummaryOptions {
  readonly color: boolean;
  readonly columns: number;
}

const NARROWEST = 40;
const WIDEST = 120;
const CHECKS_ONE_BY_ONE = 12;
const NOT_TESTED_SHOWN = 5;
const TROUBLES_SHOWN = 6;
const FINDINGS_SHOWN = 5;
const TAIL_LINES = 5;
const TAIL_LONGEST = 1000;

/** The end of a run for a tired person: verdict, what was proved, what was not, times, what to do next, where to look. */
export function renderSummary(result: RunResult, options: SummaryOptions): string {
  const columns = Math.min(WIDEST, Math.max(NARROWEST, options.columns || WIDEST));
  const paint = painter(options.color);
  const blocks = [
    verdictBlock(result, paint, columns),
    troublesBlock(troublesOf(result), paint, columns),
    backupsBlock(result, paint, columns),
    provedBlock(result, paint, columns),
    ...objectiveTables(result, paint, columns),
    notTestedBlock(result, paint, columns),
    evidenceBlock(result, paint),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function verdictBlock(result: RunResult, paint: Painter, columns: number): string[] {
  const { outcome, word, sentence } = headlineOf(result);
  const verdict: Verdict = outcome === 'pass' || outcome === 'fail' ? outcome : 'unknown';
  const { drill, run } = result;
  const where = `${oneLine(drill.name)}: ${oneLine(drill.disaster)} on ${oneLine(drill.substrate)}, ${formatSeconds(run.seconds)} in all`;
  const lines = wrapTo(oneLine(sentence), columns - word.length - 2);
  const indent = ' '.repeat(word.length + 2);
  return [
    `${paint.strong(paintVerdict(paint, verdict, word))}  ${paint.strong(lines[0] ?? '')}`,
    ...lines.slice(1).map((line) => indent + paint.strong(line)),
    indent + paint.faint(cutTo(where, columns - indent.length)),
  ];
}

function provedBlock(result: RunResult, paint: Painter, columns: number): string[] {
  if (result.checks.length === 0) return [paint.strong('What was proved'), '  nothing: no check was run'];
  if (result.checks.every(({ verdict }) => verdict === 'unknown'))
    return [
      paint.strong('What was proved'),
      `  nothing: none of ${formatMany(result.checks.length, 'check')} could look`,
    ];
  const oneByOne = result.checks.length <= CHECKS_ONE_BY_ONE;
  const rows = componentsOf(result).flatMap((digest) => componentRows(digest, oneByOne));
  const aligned = alignColumns(rows.map(({ cells }) => cells));
  const proved = result.checks.every(({ verdict }) => verdict === 'pass');
  return [
    paint.strong(proved ? 'What was proved' : 'What was checked'),
    ...aligned.map((line, index) => {
      const verdict = rows[index]?.verdict ?? 'unknown';
      const text = cutTo(line, columns - 4);
      return `  ${verdictSign(paint, verdict)} ${verdict === 'pass' ? text : paintVerdict(paint, verdict, text)}`;
    }),
  ];
}

function componentRows(digest: ComponentDigest, oneByOne: boolean): { verdict: Verdict; cells: string[] }[] {
  const row = (verdict: Verdict, ...cells: string[]) => ({ verdict, cells: cells.map((cell) => oneLine(cell)) });
  const each = (check: CheckResult) => row(check.verdict, digest.title, check.name, check.actual);
  if (oneByOne) return digest.checks.map(each);
  const passed = digest.checks.filter((check) => check.verdict === 'pass');
  const told = passed.filter((check) => !judgesObjective(check)).map((check) => oneLine(check.actual));
  const tally = `${passed.length} of ${formatMany(digest.checks.length, 'check')}`;
  const together = passed.length > 0 ? [row('pass', digest.title, tally, told.slice(0, 3).join('; '))] : [];
  return [...together, ...digest.checks.filter((check) => check.verdict !== 'pass').map(each)];
}

function notTestedBlock(result: RunResult, paint: Painter, columns: number): string[] {
  const { notTested } = result;
  if (notTested.length === 0) return [];
  const shown = withoutLonely(notTested.length, NOT_TESTED_SHOWN);
  const more = notTested.length - shown;
  return [
    paint.strong('Not tested'),
    ...notTested
      .slice(0, shown)
      .flatMap(({ what, why }) =>
        wrapTo(`${oneLine(what)}: ${oneLine(why)}`, columns - 4).map(
          (line, index) => `${index === 0 ? '  - ' : '    '}${line}`,
        ),
      ),
    ...(more > 0 ? [`  - and ${more} more: see summary.md`] : []),
  ];
}

function troublesBlock(troubles: readonly Trouble[], paint: Painter, columns: number): string[] {
  if (troubles.length === 0) return [];
  const shown = withoutLonely(troubles.length, TROUBLES_SHOWN);
  const more = troubles.length - shown;
  return [
    paint.strong('What went wrong, and what to do next'),
    ...troubles.slice(0, shown).flatMap((trouble) => troubleLines(trouble, paint, columns)),
    ...(more > 0 ? [`  and ${more} more: see summary.md`] : []),
  ];
}

function troubleLines(trouble: Trouble, paint: Painter, columns: number): string[] {
  const verdict: Verdict = trouble.outcome === 'fail' ? 'fail' : 'unknown';
  const indented = (text: string) => wrapTo(oneLine(text), columns - 4).map((line) => `    ${line}`);
  const shown = trouble.findings.slice(0, FINDINGS_SHOWN);
  const more = trouble.findingCount - shown.length;
  const tail = plainLines(trouble.tail, TAIL_LONGEST).split('\n').slice(-TAIL_LINES);
  return [
    `  ${verdictSign(paint, verdict)} ${paintVerdict(paint, verdict, cutTo(oneLine(trouble.title), columns - 4))}`,
    ...indented(trouble.what),
    // Whole: the cause is often what a line ends with.
    ...shown.flatMap(({ subject, expected, actual }) =>
      wrapTo(`${oneLine(subject)}: expected ${oneLine(expected)}, found ${oneLine(actual)}`, columns - 8).map(
        (line, index) => `${index === 0 ? '      ' : '        '}${line}`,
      ),
    ),
    ...(more > 0 ? [`      and ${formatCount(more)} more`] : []),
    ...tail.filter((line) => line.trim()).map((line) => paint.faint(cutTo(`    | ${line}`, columns))),
    ...indented(`Next: ${trouble.next}`),
  ];
}

function evidenceBlock({ run, kept }: RunResult, paint: Painter): string[] {
  const look =
    kept.length > 0
      ? [paint.strong('Kept, to look inside and to clean up'), ...kept.map((line) => `  ${oneLine(line)}`)]
      : [];
  return [...look, `Evidence: ${oneLine(run.folder)}  ${paint.faint(`(npm run drill -- show ${shellWord(run.id)})`)}`];
}

/** How many to show: one line more takes no more room than to say that there is one more. */
function withoutLonely(count: number, most: number): number {
  return count === most + 1 ? count : most;
}
