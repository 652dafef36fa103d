import { describeFailure } from '../../engine/failure.ts';
import { untilServing } from '../../engine/phases/serve.ts';
import { given, type RunState } from '../../engine/run-state.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { Rehearsal } from '../../model/drill.ts';
import type { Failure } from '../../model/result.ts';
import { World } from '../../model/target.ts';
import { type Attempt, restoreOne } from './restore-one.ts';

/** Restores the backup of every component to a new place, one after the other, then asks the workload whether it serves. */
export async function restoreFound(state: RunState<Rehearsal>): Promise<string> {
  const { workload, paths } = state.drill;
  const wanted = workload.restoreOrder.filter((name) => paths[name]);
  let restored = new World([]);
  state.struck = [];
  for (const component of wanted) {
    const attempt: Attempt = { onTheWay: [] };
    try {
      const receipt = await restoreOne(state, component, restored, attempt);
      state.receipts.push(receipt);
      state.journal.write('receipt', { receipt });
      const target = attempt.volume ?? (await given(attempt.slot, `the server of ${component}`).start());
      restored = restored.with([[component, target]]);
      state.struck.push(component);
    } catch (error) {
      // The others are restored all the same: a report of everything that is wrong is worth more than the first thing.
      const failure = noteFailure(state, component, error);
      if (state.signal.aborted) throw error;
      if (
        !attempt.volume ||
        failure.verdict !== 'fail' ||
        !(await kindOf(attempt.volume).holdsSomething?.(attempt.volume))
      )
        continue;
      // What a failed restore has brought back all the same is judged file by file.
      restored = restored.with([[component, attempt.volume]]);
      state.halfRestored.push(component);
    }
  }
  state.restored = restored;
  for (const component of restored.names)
    state.identities.push({ component, before: '', after: restored.target(component).identity });
  state.wholeAgain = state.struck.length === wanted.length;
  // A server that changes what was restored is started only when all of it has been read.
  if (state.wholeAgain && !workload.server?.writes) await untilServing(state);
  notTimed(state);
  return `${state.struck.length} of ${wanted.length} components${state.ready?.ready ? ', serving' : ''}`;
}

/** Keeps an error of a restore as a failure of the run, which goes on. */
export function noteFailure(state: RunState<Rehearsal>, component: string, error: unknown): Failure {
  const casualties = state.substrate?.casualties() ?? [];
  const interrupted = state.signal.aborted;
  const failure = describeFailure(error, { phase: 'restore', component, casualties, interrupted });
  state.failures.push(failure);
  state.journal.write('failure', { failure });
  return failure;
}

/** What a sample takes to restore says nothing of the time that the whole would take. */
function notTimed(state: RunState<Rehearsal>): void {
  for (const { component, details } of state.receipts) {
    if (details.sampled === undefined) continue;
    delete state.componentRto[component];
    state.readySeconds = null;
    state.notTested.push({
      what: `the time to restore ${component}`,
      why: `only a sample of ${details.sampled} files was restored, with what is needed to look at them`,
    });
  }
}
