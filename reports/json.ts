import { join } from 'node:path';
import type { Report, RunResult } from '../harness/model/result.ts';
import { writeAtomically } from './files/write-atomically.ts';

/** The result as programs read it, as `result.schema.json` describes it. */
export function renderJson(result: RunResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** Writes `result.json` atomically. */
export const report: Report = {
  name: 'json',
  write: async (result, runFolder) => [await writeAtomically(join(runFolder, 'result.json'), renderJson(result))],
};
