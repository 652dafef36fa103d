import { join } from 'node:path';
import type { Check, Evidence, Finding, Judgement } from '../model/check.ts';
import type { AnyDrill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import { masked } from '../model/mask-values.ts';
import type { CheckResult } from '../model/result.ts';
import { noteEvidenceLost } from './result.ts';
import type { Run } from './run.ts';
import { writeLines } from './run-folder.ts';

const FINDINGS_SHOWN = 20;

/** Lets every check judge the evidence; one that throws has not looked, which is unknown. */
export async function judgeAll(run: Run, drill: AnyDrill, evidence: Evidence): Promise<CheckResult[]> {
  const checks = [...drill.workload.checks, ...(drill.checks ?? [])];
  const relevant = checks.filter(({ component }) => component === 'all' || isThere(drill, component));
  if (relevant.length === 0)
    throw new DrillError({
      code: 'no-checks',
      where: `drill/${drill.name}`,
      what: 'The drill has no checks, so nothing could ever be proved by it.',
      next: 'give the drill checks, or a workload that brings its own.',
      blame: 'usage',
    });
  const results: CheckResult[] = [];
  for (const check of relevant) {
    run.listener.step(check.component === 'all' ? check.name : `${check.name} of ${check.component}`);
    const result = await judgeOne(run, check, evidence);
    run.journal.write('judged', {
      name: result.name,
      component: result.component,
      verdict: result.verdict,
      actual: result.actual,
    });
    results.push(result);
  }
  return results;
}

async function judgeOne(run: Run, check: Check, evidence: Evidence): Promise<CheckResult> {
  const mask = (text: string) => run.secrets.mask(text);
  const judgement = masked(await judgeSafely(check, evidence), mask);
  const findings = judgement.findings ?? [];
  const evidencePath = await writeFindings(run, check, findings);
  return {
    name: check.name,
    component: check.component,
    proves: check.proves,
    verdict: judgement.verdict,
    expected: judgement.expected,
    actual: judgement.actual,
    findings: findings.slice(0, FINDINGS_SHOWN),
    findingCount: judgement.findingCount ?? findings.length,
    evidence: evidencePath,
  };
}

/** Gives where all findings are; when they cannot be written, the judgement is no less true, and the run says so. */
async function writeFindings(run: Run, check: Check, findings: readonly Finding[]): Promise<string> {
  if (findings.length === 0) return '';
  const path = join('evidence', `findings-${check.component}-${check.name}.ndjson`);
  try {
    await writeLines(join(run.folder.path, path), findings);
    return path;
  } catch (error) {
    noteEvidenceLost(run, error);
    return '';
  }
}

async function judgeSafely(check: Check, evidence: Evidence): Promise<Judgement> {
  try {
    return await check.judge(evidence);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { verdict: 'unknown', expected: check.proves, actual: `the check could not look: ${what}` };
  }
}

/** Checks of components that the drill neither protects nor has in its world are left out; all others judge. */
function isThere(drill: AnyDrill, component: string): boolean {
  return drill.workload.components.some(({ name }) => name === component);
}
