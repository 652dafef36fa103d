import { join } from 'node:path';
import type { Report, RunResult } from '../harness/model/result.ts';
import { rtoRows } from './digest/objectives.ts';
import { pageOf } from './digest/page.ts';
import { writeAtomically } from './files/write-atomically.ts';
import { phaseBars } from './html/phase-bars.ts';
import { renderHtmlPage } from './html/render-page.ts';

/** The result as one HTML page that loads nothing from anywhere. */
export function renderHtml(result: RunResult): string {
  return renderHtmlPage(pageOf(result), { rto: phaseBars(rtoRows(result)) });
}

/** Writes `report.html`. */
export const report: Report = {
  name: 'html',
  write: async (result, runFolder) => [await writeAtomically(join(runFolder, 'report.html'), renderHtml(result))],
};
