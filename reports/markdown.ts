import { join } from 'node:path';
import type { Report, RunResult } from '../harness/model/result.ts';
import { pageOf } from './digest/page.ts';
import { writeAtomically } from './files/write-atomically.ts';
import { fitMarkdown } from './markdown/fit.ts';
import { renderMarkdownPage } from './markdown/render-page.ts';

/** GitHub refuses a job summary above 1 MiB; other steps of the job want room too. */
export const SUMMARY_MOST_BYTES = 900_000;

/** The result as Markdown, for people and for the summary of a GitHub job. */
export function renderMarkdown(result: RunResult): string {
  return fitMarkdown(renderMarkdownPage(pageOf(result)), SUMMARY_MOST_BYTES);
}

/** Writes `summary.md`. */
export const report: Report = {
  name: 'markdown',
  write: async (result, runFolder) => [await writeAtomically(join(runFolder, 'summary.md'), renderMarkdown(result))],
};
