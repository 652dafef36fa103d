import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withoutEvidence } from '../engine/result.ts';
import type { Report, RunResult } from '../model/result.ts';
import { type RecordOptions, recordRun } from './record-run.ts';

const REPORTS = join(import.meta.dirname, '../../reports');

/** The report that all others, and the history, refer to. */
const RESULT = 'json';

/**
 * Writes all reports of a run, each found by its file, then its line in the history, and tells of a change of verdict.
 * What fails is named and holds up nothing else; a result that could not be kept proves nothing any more.
 */
export async function publish(
  result: RunResult,
  options: RecordOptions = {},
): Promise<{ result: RunResult; problems: readonly string[] }> {
  const problems: string[] = [];
  let kept = result;
  for (const report of await loadReports()) {
    try {
      await report.write(kept, kept.run.folder);
    } catch (error) {
      if (report.name === RESULT) kept = withoutEvidence(result, error);
      problems.push(
        `[report/${report.name}] could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { result: kept, problems: [...problems, ...(await recordRun(kept, options))] };
}

/** The result first: the others refer to it. */
async function loadReports(): Promise<Report[]> {
  const files = readdirSync(REPORTS).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const modules = await Promise.all(files.map((file) => import(join(REPORTS, file)) as Promise<{ report: Report }>));
  return modules.map(({ report }) => report).sort((a, b) => Number(b.name === RESULT) - Number(a.name === RESULT));
}
