import type { CheckResult, Failure, RunResult } from '../../harness/model/result.ts';
import { headlineOf } from '../digest/headline.ts';
import type { XmlElement } from './xml.ts';

/** The result as JUnit suites: one a component, and one for the phases that went wrong. Whatever is not a pass is red. */
export function junitSuites(result: RunResult): XmlElement {
  const groups = [...Map.groupBy(result.checks, (check) => check.component)];
  const suites = groups.map(([component, checks]) =>
    suite(
      component,
      result,
      checks.map((check) => checkCase(check, result)),
    ),
  );
  const phases = [...result.failures.map((failure) => failureCase(failure, result)), ...verdictCase(result)];
  if (phases.length > 0) suites.push(suite('phases', result, phases));
  const cases = suites.flatMap((element) => element.children ?? []).filter(({ tag }) => tag === 'testcase');
  return {
    tag: 'testsuites',
    attributes: { name: result.drill.name, ...counts(cases), time: seconds(result) },
    children: [...suites, runSuite(result)],
  };
}

function suite(name: string, result: RunResult, cases: readonly XmlElement[]): XmlElement {
  return {
    tag: 'testsuite',
    attributes: { name: `${result.drill.name}.${name}`, ...counts(cases), skipped: 0, timestamp: result.run.startedAt },
    children: cases,
  };
}

function checkCase(check: CheckResult, result: RunResult): XmlElement {
  const attributes = { classname: `${result.drill.name}.${check.component}`, name: check.name, time: 0 };
  if (check.verdict === 'pass') return { tag: 'testcase', attributes };
  const text = [
    check.proves,
    `Expected: ${check.expected}`,
    `Found:    ${check.actual}`,
    ...check.findings.map(({ subject, expected, actual }) => `- ${subject}: expected ${expected}; found ${actual}`),
    ...(check.evidence ? [`All ${check.findingCount} findings: ${check.evidence}`] : []),
  ].join('\n');
  const tag = check.verdict === 'fail' ? 'failure' : 'error';
  const type = check.verdict === 'fail' ? 'check' : 'unknown';
  return { tag: 'testcase', attributes, children: [{ tag, attributes: { message: check.actual, type }, text }] };
}

function failureCase(failure: Failure, result: RunResult): XmlElement {
  const tag = failure.verdict === 'fail' ? 'failure' : 'error';
  const type = failure.verdict === 'fail' ? failure.code : failure.verdict;
  const text = [failure.message, `Next: ${failure.next}`, ...(failure.tail ? ['', failure.tail] : [])].join('\n');
  const name = [failure.phase, failure.component, failure.code].filter(Boolean).join(' ');
  return {
    tag: 'testcase',
    attributes: { classname: `${result.drill.name}.phases`, name, time: 0 },
    children: [{ tag, attributes: { message: failure.message, type }, text }],
  };
}

/** A run that is no pass must not look like one, even when nothing else says so. */
function verdictCase(result: RunResult): XmlElement[] {
  const { outcome, sentence } = headlineOf(result);
  const red = result.failures.length > 0 || result.checks.some((check) => check.verdict !== 'pass');
  if (outcome === 'pass' || red) return [];
  const tag = outcome === 'fail' ? 'failure' : 'error';
  const attributes = { classname: `${result.drill.name}.phases`, name: 'verdict', time: 0 };
  return [
    {
      tag: 'testcase',
      attributes,
      children: [{ tag, attributes: { message: sentence, type: outcome }, text: sentence }],
    },
  ];
}

function runSuite(result: RunResult): XmlElement {
  const { word, sentence } = headlineOf(result);
  const properties = {
    run: result.run.id,
    verdict: result.verdict,
    substrate: result.drill.substrate,
    disaster: result.drill.disaster,
    rtoSeconds: result.rto.seconds ?? '',
    rpoSeconds: result.rpo.seconds ?? '',
    ...Object.fromEntries(
      result.notTested.map(({ what, why }, index) => [`notTested.${index + 1}`, `${what}: ${why}`]),
    ),
  };
  const untested = result.notTested.map(({ what, why }) => `- ${what}: ${why}`);
  return {
    tag: 'testsuite',
    attributes: {
      name: `${result.drill.name}.run`,
      tests: 0,
      failures: 0,
      errors: 0,
      skipped: 0,
      timestamp: result.run.startedAt,
    },
    children: [
      {
        tag: 'properties',
        children: Object.entries(properties).map(([name, value]) => ({ tag: 'property', attributes: { name, value } })),
      },
      {
        tag: 'system-out',
        text: [`${word}: ${sentence}`, ...(untested.length > 0 ? ['Not tested:', ...untested] : [])].join('\n'),
      },
    ],
  };
}

function counts(cases: readonly XmlElement[]): Record<string, number> {
  const having = (tag: string) => cases.filter(({ children }) => children?.some((child) => child.tag === tag)).length;
  return { tests: cases.length, failures: having('failure'), errors: having('error') };
}

function seconds(result: RunResult): number {
  return Number.isFinite(result.run.seconds) ? result.run.seconds : 0;
}
