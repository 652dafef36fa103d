import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Job, JobReport, Step, StepReport } from '../harness/model/job.ts';
import { Secret } from '../harness/model/secret.ts';
import type { Bench } from './open-bench.ts';

/** Runs the steps of a job as anybody would from a shell: the same programs with the same arguments, and nothing else. */
export async function runBare(bench: Bench, job: Job): Promise<JobReport> {
  const scratch = await mkdtemp(join(bench.folder, 'bare-'));
  const steps: StepReport[] = [];
  for (const step of job.steps(scratch)) steps.push(await runStep(bench, step, scratch));
  await rm(scratch, { recursive: true, force: true });
  return { name: job.name, seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0), steps, log: '' };
}

async function runStep({ substrate, context }: Bench, step: Step, scratch: string): Promise<StepReport> {
  await substrate.require([step.program]);
  const tool = substrate.tools().find(({ program }) => program === step.program);
  const env = Object.entries(step.env ?? {}).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : value,
  ]);
  const startedMs = performance.now();
  const { stdout } = await execa(tool?.location ?? step.program, [...step.args], {
    cwd: step.cwd ?? scratch,
    env: { HOME: scratch, TMPDIR: scratch, TZ: 'UTC', ...Object.fromEntries(env) },
    stdin: step.stdin ? { file: step.stdin } : 'ignore',
    stdout: step.stdout ? { file: step.stdout } : 'pipe',
    cancelSignal: context.signal,
  });
  const seconds = (performance.now() - startedMs) / 1000;
  return { program: step.program, version: tool?.version ?? '', seconds, stdout: stdout ?? '' };
}
