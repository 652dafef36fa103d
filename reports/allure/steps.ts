import type { StepResult } from 'allure-js-commons';
import { Stage, Status } from 'allure-js-commons';
import { createStepResult } from 'allure-js-commons/sdk/reporter';
import { PHASES, type RunResult, type Timing } from '../../harness/model/result.ts';
import { phaseTitle } from '../digest/phase-title.ts';
import { isMeasured } from '../digest/quantities.ts';
import type { Attachments } from './attachments.ts';
import { KINDS, type Kind } from './categories.ts';

/** The phases of a run as steps with their real times, each with its jobs and services, their logs attached. */
export async function phaseSteps(result: RunResult, attachments: Attachments, kind: Kind): Promise<StepResult[]> {
  const steps: StepResult[] = [];
  for (const phase of PHASES) {
    const own = result.timings.filter((timing) => timing.phase === phase);
    const whole = own.find((timing) => timing.kind === 'phase');
    const parts: StepResult[] = [];
    for (const timing of own) {
      if (timing.kind !== 'phase') parts.push(await stepOf(timing, `${timing.kind} ${timing.name}`, attachments, kind));
    }
    if (!whole) {
      steps.push(...parts);
      continue;
    }
    const step = await stepOf(whole, phaseTitle(phase), attachments, kind);
    steps.push({ ...step, steps: parts, ...failureOf(result, whole, kind) });
  }
  return steps;
}

async function stepOf(timing: Timing, name: string, attachments: Attachments, kind: Kind): Promise<StepResult> {
  return {
    ...createStepResult(),
    ...timesOf(timing),
    name,
    stage: Stage.FINISHED,
    status: timing.ok ? Status.PASSED : badStatus(kind),
    attachments: timing.log ? await attachments.file(timing.log, 'end') : [],
    parameters: timing.component ? [{ name: 'component', value: timing.component }] : [],
  };
}

function failureOf(result: RunResult, { phase }: Timing, kind: Kind): Partial<StepResult> {
  const failures = result.failures.filter((failure) => failure.phase === phase);
  if (failures.length === 0) return {};
  const message = failures.map((failure) => `${failure.message}\nNext: ${failure.next}`).join('\n\n');
  const trace = failures
    .map((failure) => failure.tail)
    .join('\n')
    .trim();
  return { status: badStatus(kind), statusDetails: { message: `${KINDS[kind]}: ${message}`, ...(trace && { trace }) } };
}

/** Start and stop in milliseconds since the epoch; none when the time is not known. */
export function timesOf({ startedAt, seconds }: Pick<Timing, 'startedAt' | 'seconds'>): {
  start?: number;
  stop?: number;
} {
  const start = Date.parse(startedAt);
  if (Number.isNaN(start)) return {};
  return { start, stop: start + (isMeasured(seconds) ? Math.max(0, Math.round(seconds * 1000)) : 0) };
}

function badStatus(kind: Kind): Status {
  return kind === 'unknown' || kind === 'harness' ? Status.BROKEN : Status.FAILED;
}
