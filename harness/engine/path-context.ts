import type { JobReport } from '../model/job.ts';
import type { PathContext } from '../model/path.ts';
import { type AnyRunState, given } from './run-state.ts';

/** What a path may use for one component; every job that it runs is timed and journalled. */
export function pathContext(state: AnyRunState, component: string, at: Date): PathContext {
  const { snapshots } = given(state.substrate, 'the substrate');
  const { workload } = state.drill;
  return {
    ...jobContext(state, component),
    at,
    bucket: given(state.bucket, 'the bucket'),
    vault: given(state.vault, 'the vault').volume('vault'),
    ...(snapshots && { snapshots }),
    workloadName: workload.name,
    workloadVersion: workload.version,
    folderMarkers: workload.components.find(({ name }) => name === component)?.folderMarkers ?? [],
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
        report = await substrate.run(job);
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
