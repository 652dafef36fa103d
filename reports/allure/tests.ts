import { randomUUID } from 'node:crypto';
import type { TestResult } from 'allure-js-commons';
import { ContentType, Severity, Stage, Status } from 'allure-js-commons';
import { createTestResult, getTestResultHistoryId, md5 } from 'allure-js-commons/sdk/reporter';
import type { CheckResult, RunResult } from '../../harness/model/result.ts';
import { componentTitle } from '../digest/components.ts';
import { headlineOf } from '../digest/headline.ts';
import { judgesObjective } from '../digest/outcome.ts';
import { renderJson } from '../json.ts';
import { markdownText } from '../markdown/escape.ts';
import { renderMarkdown } from '../markdown.ts';
import { oneLine, plainLines } from '../text/one-line.ts';
import type { Attachments } from './attachments.ts';
import { KINDS, kindOfCheck, kindOfRun, statusOf } from './categories.ts';
import { fullNameOf, labelsOf, parametersOf, severityOf } from './identity.ts';
import { phaseSteps, timesOf } from './steps.ts';

const TEXT_LONGEST = 64 * 1024;

/** The drill as one test: its verdict, its phases as steps, the result and the summary attached. */
export async function drillTest(result: RunResult, attachments: Attachments): Promise<TestResult> {
  const { outcome, sentence } = headlineOf(result);
  const kind = kindOfRun(result);
  const trouble = result.failures.map(({ message, next }) => `${message}\nNext: ${next}`).join('\n\n');
  const trace = result.failures
    .map(({ tail }) => tail)
    .join('\n')
    .trim();
  return {
    ...identified(result, 'all', 'the drill', `${result.drill.name}: the whole drill`),
    ...timesOf(result.run),
    status: statusOf(outcome),
    statusDetails:
      outcome === 'pass'
        ? { message: oneLine(sentence) }
        : {
            message: plain(`${KINDS[kind]}: ${[sentence, trouble].filter(Boolean).join('\n\n')}`),
            ...(trace && { trace: plain(trace) }),
          },
    description: describeRun(result),
    labels: labelsOf(result, 'all', Severity.BLOCKER),
    steps: await phaseSteps(result, attachments, kind),
    attachments: [
      attachments.text('summary.md', renderMarkdown(result), 'text/markdown'),
      attachments.text('result.json', renderJson(result), ContentType.JSON),
      ...(await attachments.file('journal.jsonl', 'end')),
    ],
  };
}

/** One check as a test; its findings are attached, whole as the run wrote them where they are there. */
export async function checkTest(check: CheckResult, result: RunResult, attachments: Attachments): Promise<TestResult> {
  const red = check.verdict !== 'pass';
  const judged = result.timings.find(({ kind, phase }) => kind === 'phase' && phase === 'judge');
  const evidence = await attachments.file(check.evidence, 'beginning');
  const first = check.findings.map((finding) => `${JSON.stringify(finding)}\n`).join('');
  const inline = evidence.length === 0 && first !== '' ? [attachments.text('findings.ndjson', first)] : [];
  const logs = red ? await logsOf(check.component, result, attachments) : [];
  return {
    ...identified(result, check.component, check.name, `${componentTitle(check.component)}: ${check.name}`),
    ...timesOf(judged ?? { startedAt: result.run.endedAt, seconds: 0 }),
    status: statusOf(check.verdict),
    statusDetails: red ? detailsOf(check) : { message: oneLine(check.actual) },
    description: [check.proves, `Expected: ${check.expected}`, `Found: ${check.actual}`].map(markdownText).join('\n\n'),
    labels: labelsOf(result, check.component, severityOf(judgesObjective(check))),
    attachments: [...evidence, ...inline, ...logs],
  };
}

/** What an error or a tool has said, as lines that no terminal and no reader is led astray by. */
function plain(text: string): string {
  return plainLines(text, TEXT_LONGEST);
}

function identified(result: RunResult, component: string, check: string, name: string): TestResult {
  const fullName = fullNameOf(result, component, check);
  const test: TestResult = {
    ...createTestResult(randomUUID()),
    name: oneLine(name),
    fullName,
    testCaseId: md5(fullName),
    titlePath: [result.drill.name, component],
    stage: Stage.FINISHED,
    status: Status.BROKEN,
    parameters: parametersOf(result, component),
  };
  return { ...test, historyId: getTestResultHistoryId(test) };
}

function detailsOf(check: CheckResult): TestResult['statusDetails'] {
  const lines = check.findings.map(({ subject, expected, actual }) =>
    oneLine(`${subject}: expected ${expected}; found ${actual}`),
  );
  const more = check.findingCount > lines.length ? [`… and ${check.findingCount - lines.length} more`] : [];
  return {
    message: oneLine(`${KINDS[kindOfCheck(check)]}: ${check.actual}`),
    expected: oneLine(check.expected),
    actual: oneLine(check.actual),
    ...(lines.length > 0 && { trace: plain([...lines, ...more].join('\n')) }),
  };
}

async function logsOf(
  component: string,
  result: RunResult,
  attachments: Attachments,
): Promise<TestResult['attachments']> {
  const logs = result.timings.filter((timing) => timing.component === component).flatMap(({ log }) => log ?? []);
  return (await Promise.all([...new Set(logs)].map((log) => attachments.file(log, 'end')))).flat();
}

function describeRun({ drill, notTested }: RunResult): string {
  const untested = notTested.map(({ what, why }) => `- ${markdownText(`${what}: ${why}`)}`);
  return [
    `What a pass proves: ${markdownText(drill.claim)}`,
    ...(untested.length > 0 ? ['Not tested:', untested.join('\n')] : []),
  ].join('\n\n');
}
