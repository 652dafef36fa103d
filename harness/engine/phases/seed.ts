import { formatDuration } from '../../model/duration.ts';
import { given, type RunState } from '../run-state.ts';

/** Fills the world with the synthetic workload. */
export async function seed(state: RunState): Promise<string> {
  const startedMs = performance.now();
  const { workload } = state.drill;
  const report = await workload.seed(given(state.world, 'the world'), (done, total) =>
    state.listener.step(`${done} of ${total} ${workload.counted}`),
  );
  Object.assign(state.facts, report.facts);
  state.notTested.push(...report.notTested);
  const seconds = (performance.now() - startedMs) / 1000;
  return `${workload.scale[workload.counted]} ${workload.counted} in ${formatDuration(seconds)}`;
}
