import { join } from 'node:path';
import type { Check, Evidence, Finding, Judgement } from '../model/check.ts';
import { DrillError } from '../model/error.ts';
import { masked } from '../model/mask-values.ts';
import type { CheckResult } from '../model/result.ts';
import { noteEvidenceLost } from './result.ts';
import { writeLines } from './run-folder.ts';
import type { AnyRunState } from './run-state.ts';

const FINDINGS_SHOWN = 20;

/** Lets every check judge the evidence; one that throws has not looked, which is unknown. */
export async function judgeAll(state: AnyRunState, evidence: Evidence): Promise<CheckResult[]> {
  const checks = [...state.drill.workload.checks, ...(state.drill.checks ?? [])];
  const relevant = checks.filter(({ component }) => component === 'all' || isThere(state, component));
  if (relevant.length === 0)
    throw new DrillError({
      code: 'no-checks',
      where: `drill/${state.drill.name}`,
      what: 'The drill has no checks, so nothing could ever be proved by it.',
      next: 'give the drill checks, or a workload that brings its own.',
      blame: 'usage',
    });
  const results: CheckResult[] = [];
  for (const check of relevant) {
    state.listener.step(check.component === 'all' ? check.name : `${check.name} of ${check.component}`);
    const result = await judgeOne(state, check, evidence);
    state.journal.write('judged', {
      name: result.name,
      component: result.component,
      verdict: result.verdict,
      actual: result.actual,
    });
    results.push(result);
  }
  return results;
}

async function judgeOne(state: AnyRunState, check: Check, evidence: Evidence): Promise<CheckResult> {
  const mask = (text: string) => state.secrets.mask(text);
  const judgement = masked(await judgeSafely(check, evidence), mask);
  const findings = judgement.findings ?? [];
  const evidencePath = await writeFindings(state, check, findings);
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
async function writeFindings(state: AnyRunState, check: Check, findings: readonly Finding[]): Promise<string> {
  if (findings.length === 0) return '';
  const path = join('evidence', `findings-${check.component}-${check.name}.ndjson`);
  try {
    await writeLines(join(state.folder.path, path), findings);
    return path;
  } catch (error) {
    noteEvidenceLost(state, error);
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
function isThere(state: AnyRunState, component: string): boolean {
  return state.drill.workload.components.some(({ name }) => name === component);
}
