import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Report, RunResult } from '../model/result.ts';
import { type RecordOptions, recordRun } from './record-run.ts';

const REPORTS = join(import.meta.dirname, '../../reports');

/**
 * Writes all reports of a run, each found by its file, then its line in the history, and tells of a change of verdict.
 * What fails is named and holds up nothing else.
 */
export async function publish(result: RunResult, options: RecordOptions = {}): Promise<string[]> {
  const problems: string[] = [];
  for (const report of await loadReports()) {
    try {
      await report.write(result, result.run.folder);
    } catch (error) {
      problems.push(
        `[report/${report.name}] could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return [...problems, ...(await recordRun(result, options))];
}

/** The result first: the others refer to it. */
async function loadReports(): Promise<Report[]> {
  const files = readdirSync(REPORTS).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const modules = await Promise.all(files.map((file) => import(join(REPORTS, file)) as Promise<{ report: Report }>));
  return modules.map(({ report }) => report).sort((a, b) => Number(b.name === 'json') - Number(a.name === 'json'));
}
