import { join } from 'node:path';
import type { Report, RunResult } from '../harness/model/result.ts';
import { writeAtomically } from './files/write-atomically.ts';
import { junitSuites } from './junit/suites.ts';
import { renderXml } from './junit/xml.ts';

/** The result as JUnit XML: a failed check is a failure, one that could not look is an error, none is ever skipped. */
export function renderJunit(result: RunResult): string {
  return renderXml(junitSuites(result));
}

/** Writes `junit.xml`. */
export const report: Report = {
  name: 'junit',
  write: async (result, runFolder) => [await writeAtomically(join(runFolder, 'junit.xml'), renderJunit(result))],
};
