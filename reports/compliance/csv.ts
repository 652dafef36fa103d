import { stringify } from 'csv-stringify/sync';
import { type ObjectiveRow, rpoRows, rtoRows } from '../digest/objectives.ts';
import { oneLine } from '../text/one-line.ts';
import type { Compliance, EvidenceRow } from './compliance.ts';

const COLUMNS = [
  ...['record', 'ended_at', 'run', 'drill', 'substrate', 'workload', 'version', 'verdict', 'partial'],
  ...['component', 'rto_seconds', 'rto_objective_seconds', 'rto_standing'],
  ...['rpo_seconds', 'rpo_objective_seconds', 'rpo_standing'],
  ...['result_sha256', 'evidence', 'record_hash'],
];

/** Every run by component as CSV (RFC 4180); what a spreadsheet would take for a formula is escaped. */
export function renderComplianceCsv({ evidence }: Compliance): string {
  const rows = evidence.flatMap(rowsOf);
  return stringify([COLUMNS, ...rows], {
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { string: (text) => oneLine(text) },
  });
}

function rowsOf({ entry, evidence }: EvidenceRow): (string | number | null)[][] {
  const rto = new Map(rtoRows(entry).map((row) => [row.component, row]));
  const rpo = new Map(rpoRows(entry).map((row) => [row.component, row]));
  const { seq, run, drill, substrate, workload, verdict, partial, resultSha256, hash } = entry;
  return [...new Set([...rto.keys(), ...rpo.keys()])].map((component) => [
    ...[seq, run.endedAt, run.id, drill, substrate, workload.name, workload.version, verdict, String(partial)],
    component,
    ...cellsOf(rto.get(component)),
    ...cellsOf(rpo.get(component)),
    ...[resultSha256, evidence, hash],
  ]);
}

function cellsOf(row: ObjectiveRow | undefined): (string | number | null)[] {
  return row ? [row.seconds, row.objectiveSeconds, row.standing] : [null, null, 'not measured'];
}
