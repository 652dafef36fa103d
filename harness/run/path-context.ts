import type { Job, JobReport, Step } from '../model/job.ts';
import type { PathContext } from '../model/path.ts';
import { Secret } from '../model/secret.ts';
import { type AnyRunState, given } from './run-state.ts';

/** What a path may use for one component; every job that it runs is timed and journalled. */
export function pathContext(state: AnyRunState, component: string, at: Date): PathContext {
  const { snapshots } = given(state.substrate, 'the substrate');
  return {
    ...jobContext(state, component),
    at,
    bucket: given(state.bucket, 'the bucket'),
    vault: given(state.vault, 'the vault').volume('vault'),
    ...(snapshots && { snapshots }),
    workloadVersion: state.drill.workload.version,
    secret: (name) => state.secrets.secret(`${component}-${name}`),
  };
}

/** How any path or source runs its tools. */
export function jobContext(state: AnyRunState, component: string): Pick<PathContext, 'component' | 'choose' | 'run'> {
  const substrate = given(state.substrate, 'the substrate');
  return {
    component,
    choose: async (...programs) => await substrate.choose(programs),
    run: async (job) => {
      state.listener.step(job.name);
      const startedAt = new Date();
      const startedMs = performance.now();
      let report: JobReport | undefined;
      try {
        report = await substrate.run({ ...job, steps: (scratch) => noted(state, job, job.steps(scratch)) });
        return report;
      } finally {
        const seconds = (performance.now() - startedMs) / 1000;
        const facts = {
          phase: state.phase,
          name: job.name,
          component,
          kind: 'job',
          seconds,
          ok: report !== undefined,
        } as const;
        const timing = { ...facts, startedAt: startedAt.toISOString(), log: `logs/${job.name}.log` };
        state.timings.push(timing);
        // What the programs themselves took; the rest of the job is ours.
        const steps = report?.steps.map(({ program, seconds }) => ({ program, seconds }));
        state.journal.write('timing', { timing, steps });
      }
    },
  };
}

/** Writes down the commands of a job as a person would repeat them; secrets go by the names of their variables. */
function noted(state: AnyRunState, job: Job, steps: readonly Step[]): readonly Step[] {
  const commands = steps.map(({ program, args, env = {}, stdin, stdout, cwd }) => ({
    ...{
      program,
      args,
      env: Object.entries(env).map(([name, value]) => (value instanceof Secret ? name : `${name}=${value}`)),
    },
    ...{ stdin, stdout, cwd },
  }));
  state.journal.write('commands', { job: job.name, phase: state.phase, commands });
  return steps;
}
