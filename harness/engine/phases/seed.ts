import type { Drill } from '../../model/drill.ts';
import { formatDuration } from '../../model/duration.ts';
import { given, type Part } from '../made.ts';
import type { Run } from '../run.ts';

/** Fills the world with the synthetic workload. */
export async function seed(
  { log, listener }: Run,
  { opened, provisioned }: Part<'opened' | 'provisioned', never, Drill>,
): Promise<string> {
  const startedMs = performance.now();
  const { workload } = opened.drill;
  const report = await workload.seed(given(provisioned.world, 'the world'), (done, total) =>
    listener.step(`${done} of ${total} ${workload.counted}`),
  );
  Object.assign(log.facts, report.facts);
  log.notTested.push(...report.notTested);
  const seconds = (performance.now() - startedMs) / 1000;
  return `${workload.scale[workload.counted]} ${workload.counted} in ${formatDuration(seconds)}`;
}
