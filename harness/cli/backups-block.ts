import { formatMoment } from '../../reports/digest/quantities.ts';
import { runTypeOf } from '../../reports/digest/run-type.ts';
import { oneLine } from '../../reports/text/one-line.ts';
import type { Receipt } from '../model/path.ts';
import type { RunResult } from '../model/result.ts';
import { alignColumns, wrapTo } from './columns.ts';
import type { Painter } from './painter.ts';

const LONG_ID = /\b([0-9a-f]{8})[0-9a-f]{56}\b/g;

/** Which backups of one's own were restored: by their names and times, with what was passed over for them. */
export function backupsBlock(result: RunResult, paint: Painter, columns: number): string[] {
  const { backups } = result;
  if (runTypeOf(result) === 'drill' || backups.length === 0) return [];
  const rows = alignColumns(
    backups.map((receipt) => [receipt.component, receipt.path, madeAt(receipt)].map((cell) => oneLine(cell))),
  );
  return [
    paint.strong('Restored from'),
    ...backups.flatMap((receipt, index) => [
      ...indented(`${rows[index] ?? ''}  ${oneLine(receipt.id.replace(LONG_ID, '$1'))}`, columns, '  '),
      ...notesOf(receipt).flatMap((note) => indented(oneLine(note), columns, '    ').map((line) => paint.faint(line))),
    ]),
  ];
}

function madeAt({ startedAt }: Receipt): string {
  return startedAt === '' ? 'of an unknown time' : `of ${formatMoment(startedAt)}`;
}

function notesOf({ details, earlier = [] }: Receipt): string[] {
  const { passedOver, checksums, verified } = details;
  const read = earlier.filter(({ rows }) => Object.keys(rows).length > 0);
  return [
    ...(passedOver === undefined ? [] : [`passed over: ${passedOver}`]),
    ...(verified === true ? [`its sum is that of ${checksums}`] : []),
    ...(earlier.length > 0
      ? [`earlier ones that were counted: ${read.map(({ file }) => file).join(', ') || 'none'}`]
      : []),
  ];
}

function indented(text: string, columns: number, indent: string): string[] {
  return wrapTo(text, columns - indent.length).map((line) => indent + line);
}
