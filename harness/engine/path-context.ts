import type { JobReport } from '../model/job.ts';
import type { PathContext } from '../model/path.ts';
import { type Opened, type Store, substrateOf } from './made.ts';
import type { Run } from './run.ts';

/** Where a path works: for one component, at one time. */
interface Errand {
  readonly component: string;
  readonly at: Date;
  readonly store: Store;
}

/** What a path may use for one component; every job that it runs is timed and journalled. */
export function pathContext(run: Run, opened: Readonly<Opened>, { component, at, store }: Errand): PathContext {
  const { snapshots } = substrateOf(opened);
  const { workload } = opened.drill;
  return {
    ...jobContext(run, opened, component),
    at,
    bucket: store.bucket,
    vault: store.vault,
    ...(snapshots && { snapshots }),
    workloadName: workload.name,
    workloadVersion: workload.version,
    folderMarkers: workload.components.find(({ name }) => name === component)?.folderMarkers ?? [],
    secret: (name) => run.secrets.secret(`${component}-${name}`),
  };
}

/** How any path or source runs its tools. */
export function jobContext(
  { log, listener }: Run,
  opened: Readonly<Opened>,
  component: string,
): Pick<PathContext, 'component' | 'choose' | 'run'> {
  const substrate = substrateOf(opened);
  return {
    component,
    choose: async (...programs) => await substrate.choose(programs),
    run: async (job) => {
      listener.step(job.name);
      const startedAt = new Date();
      const startedMs = performance.now();
      let report: JobReport | undefined;
      try {
        report = await substrate.run(job);
        return report;
      } finally {
        const facts = { phase: log.phase, name: job.name, component, kind: 'job' } as const;
        const seconds = (performance.now() - startedMs) / 1000;
        const took = { seconds, ok: report !== undefined, startedAt: startedAt.toISOString() };
        // What the programs themselves took; the rest of the job is ours.
        const steps = report?.steps.map(({ program, seconds }) => ({ program, seconds }));
        log.time({ ...facts, ...took, log: `logs/${job.name}.log` }, { steps });
      }
    },
  };
}
