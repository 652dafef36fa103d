import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter';
import type { Report, RunResult } from '../harness/model/result.ts';
import { Attachments } from './allure/attachments.ts';
import { allureCategories } from './allure/categories.ts';
import { environmentOf, executorOf } from './allure/environment.ts';
import { ALLURE_RESULTS } from './allure/folders.ts';
import { checkTest, drillTest } from './allure/tests.ts';
import { writeAtomically } from './files/write-atomically.ts';

/** Writes `allure-results/`, afresh: one test a check, one for the drill with its phases as steps. */
export const report: Report = {
  name: 'allure',
  async write(result, runFolder) {
    const resultsDir = join(runFolder, ALLURE_RESULTS);
    await rm(resultsDir, { recursive: true, force: true });
    await mkdir(resultsDir, { recursive: true });
    await writeResults(result, runFolder, resultsDir);
    const names = await readdir(resultsDir);
    return names.sort().map((name) => join(resultsDir, name));
  },
};

async function writeResults(result: RunResult, runFolder: string, resultsDir: string): Promise<void> {
  const writer = new FileSystemWriter({ resultsDir });
  const attachments = new Attachments(resultsDir, runFolder);
  writer.writeResult(await drillTest(result, attachments));
  for (const check of result.checks) writer.writeResult(await checkTest(check, result, attachments));
  writer.writeEnvironmentInfo(environmentOf(result));
  writer.writeCategoriesDefinitions(allureCategories());
  await writeAtomically(join(resultsDir, 'executor.json'), JSON.stringify(executorOf(result, process.env)));
}
