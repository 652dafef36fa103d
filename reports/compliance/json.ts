import type { Compliance } from './compliance.ts';

/** The report as JSON; every record is in it once, under `evidence`. */
export function renderComplianceJson(report: Compliance): string {
  const drills = report.drills.map(({ runs, ...drill }) => ({ ...drill, runs: runs.map(({ run }) => run.id) }));
  return `${JSON.stringify({ schemaVersion: 1, ...report, drills }, null, 2)}\n`;
}
