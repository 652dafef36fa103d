import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabelName, Stage, Status, type TestResult } from 'allure-js-commons';
import { createTestResult, FileSystemWriter, getTestResultHistoryId, md5 } from 'allure-js-commons/sdk/reporter';
import type {
  HealthyTwin,
  SabotageCell,
  SabotageReport,
  SabotageResult,
} from '../../../harness/model/sabotage-result.ts';
import { ALLURE_RESULTS } from '../../allure/folders.ts';
import { markdownText } from '../../markdown/escape.ts';

/** Writes `allure-results/`: one test a cell, which passes when the sabotage was caught, and one a healthy twin. */
export const report: SabotageReport = {
  write: async (result) => {
    const resultsDir = join(result.folder, ALLURE_RESULTS);
    await rm(resultsDir, { recursive: true, force: true });
    await mkdir(resultsDir, { recursive: true });
    const writer = new FileSystemWriter({ resultsDir });
    for (const cell of result.cells) writer.writeResult(cellTest(result, cell));
    for (const twin of result.healthy) writer.writeResult(healthyTest(result, twin));
    return (await readdir(resultsDir)).sort().map((name) => join(resultsDir, name));
  },
};

/** A ruined run as a test: what was harmed, and what said so, are its evidence. */
export function cellTest(result: SabotageResult, cell: SabotageCell): TestResult {
  const said = cell.complaints.map(({ by, said, expected }) => `${expected ? 'caught by' : 'also'} ${by}: ${said}`);
  const isCaught = cell.outcome === 'caught';
  return {
    ...identified(result, cell, cell.sabotage),
    status: isCaught ? Status.PASSED : Status.FAILED,
    statusDetails: { message: isCaught ? (said[0] ?? '') : `It got through: ${cell.why}`, trace: said.join('\n') },
    description: [cell.summary, `Harmed: ${cell.harmed.join(', ') || 'nothing'}`, ...said]
      .map(markdownText)
      .join('\n\n'),
  };
}

function healthyTest(result: SabotageResult, twin: HealthyTwin): TestResult {
  return {
    ...identified(result, twin, `healthy, repeat ${twin.repeat}`),
    status: twin.passed ? Status.PASSED : Status.FAILED,
    statusDetails: { message: twin.passed ? 'It passed, as it should.' : `A false alarm: ${twin.why}` },
  };
}

type Timed = Pick<SabotageCell, 'component' | 'path' | 'startedAt' | 'seconds'>;

function identified(result: SabotageResult, { component, path, startedAt, seconds }: Timed, name: string): TestResult {
  const fullName = [result.drill, 'sabotage', component, path, name].join('/');
  const start = Date.parse(startedAt);
  const test: TestResult = {
    ...createTestResult(randomUUID()),
    name: `${name} (${component} by ${path})`,
    fullName,
    testCaseId: md5(fullName),
    titlePath: [result.drill, 'sabotage', `${component} by ${path}`],
    stage: Stage.FINISHED,
    start,
    stop: start + Math.round(seconds * 1000),
    labels: [
      { name: LabelName.FRAMEWORK, value: 'restore-drill' },
      { name: LabelName.SUITE, value: `sabotage of ${result.drill}` },
      { name: LabelName.SUB_SUITE, value: `${component} by ${path}` },
      { name: LabelName.FEATURE, value: component },
    ],
    parameters: [{ name: 'substrate', value: result.substrate }],
  };
  return { ...test, historyId: getTestResultHistoryId(test) };
}
