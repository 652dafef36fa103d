import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnSabotageReport, OwnSabotageResult } from '../../model/own-sabotage-result.ts';
import type { SabotageReport, SabotageResult } from '../../model/sabotage-result.ts';

const REPORTS = join(import.meta.dirname, '../../../reports/sabotage');

/** Writes all reports of a matrix, each found by its file; one that fails is named and holds up none of the others. */
export async function publishSabotage(result: SabotageResult): Promise<string[]> {
  return await publishAll(join(REPORTS, 'formats'), (report: SabotageReport) => report.write(result));
}

/** Writes all reports of what was done to a copy of somebody's backup. */
export async function publishOwnSabotage(result: OwnSabotageResult): Promise<string[]> {
  return await publishAll(join(REPORTS, 'own'), (report: OwnSabotageReport) => report.write(result));
}

async function publishAll<Report>(folder: string, write: (report: Report) => Promise<unknown>): Promise<string[]> {
  const problems: string[] = [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  for (const file of files) {
    try {
      const { report } = (await import(join(folder, file))) as { report: Report };
      await write(report);
    } catch (error) {
      problems.push(
        `[report/sabotage] ${file} could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return problems;
}
