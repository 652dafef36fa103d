import { componentTitle } from '../../reports/digest/components.ts';
import { type ObjectiveRow, RTO_PHASES, rpoRows, rtoRows, type Standing } from '../../reports/digest/objectives.ts';
import { formatSeconds, isMeasured } from '../../reports/digest/quantities.ts';
import { oneLine } from '../../reports/text/one-line.ts';
import type { RunResult } from '../model/result.ts';
import type { Verdict } from '../model/verdict.ts';
import { alignColumns, cutTo } from './columns.ts';
import { type Painter, paintVerdict } from './painter.ts';

const WIDE_ENOUGH_FOR_PHASES = 76;
const NAME_CELLS = 20;
const VERDICTS: Readonly<Partial<Record<Standing, Verdict>>> = {
  met: 'pass',
  missed: 'fail',
  'not measured': 'unknown',
};

/** RTO and RPO against their objectives, as two blocks of lines; a narrow terminal gets no phases. */
export function objectiveTables(result: RunResult, paint: Painter, columns: number): string[][] {
  const phases = columns >= WIDE_ENOUGH_FOR_PHASES ? RTO_PHASES : [];
  return [
    table('Time to restore (RTO)', [...phases, 'total', 'objective'], rtoRows(result), phases, paint, columns),
    table('Data lost (RPO)', ['lost', 'objective'], rpoRows(result), [], paint, columns),
  ];
}

function table(
  title: string,
  heads: readonly string[],
  rows: readonly ObjectiveRow[],
  phases: typeof RTO_PHASES,
  paint: Painter,
  columns: number,
): string[] {
  if (!rows.some(({ seconds, objectiveSeconds }) => isMeasured(seconds) || isMeasured(objectiveSeconds))) {
    return [`${paint.strong(title)}  not measured`];
  }
  const right = new Set(heads.map((_, index) => index + 1));
  const lines = alignColumns([[title, ...heads], ...rows.map((row) => cellsOf(row, phases))], right);
  return lines.map((line, index) => {
    const standing = rows[index - 1]?.standing;
    const cut = cutTo(line, columns);
    if (standing === undefined) return cut.replace(title, paint.strong(title));
    const verdict = VERDICTS[standing];
    if (!verdict || !cut.endsWith(standing)) return cut;
    return cut.slice(0, -standing.length) + paintVerdict(paint, verdict, standing);
  });
}

function cellsOf(row: ObjectiveRow, phases: typeof RTO_PHASES): string[] {
  const measured = isMeasured(row.seconds);
  return [
    `  ${cutTo(oneLine(componentTitle(row.component)), NAME_CELLS)}`,
    ...phases.map((phase) => (measured ? formatSeconds(row.phases[phase], '-') : '-')),
    formatSeconds(row.seconds, '-'),
    formatSeconds(row.objectiveSeconds, '-'),
    row.standing,
  ];
}
