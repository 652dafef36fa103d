import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SabotageReport, SabotageResult } from '../../model/sabotage-result.ts';

const REPORTS = join(import.meta.dirname, '../../../reports/sabotage/formats');

/** Writes all reports of a matrix, each found by its file; one that fails is named and holds up none of the others. */
export async function publishSabotage(result: SabotageResult): Promise<string[]> {
  const problems: string[] = [];
  const files = readdirSync(REPORTS).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  for (const file of files) {
    try {
      const { report } = (await import(join(REPORTS, file))) as { report: SabotageReport };
      await report.write(result);
    } catch (error) {
      problems.push(
        `[report/sabotage] ${file} could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return problems;
}
