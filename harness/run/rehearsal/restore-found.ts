import type { Rehearsal } from '../../model/drill.ts';
import { compareBytes } from '../../model/manifest.ts';
import type { Receipt } from '../../model/path.ts';
import type { AnyBackupSource, SourceContext } from '../../model/source.ts';
import { type Database, type ServiceSlot, type Volume, World } from '../../model/target.ts';
import { describeFailure } from '../failure.ts';
import { jobContext } from '../path-context.ts';
import { addSteps, holdsSomething } from '../phases/restore.ts';
import { untilServing } from '../phases/serve.ts';
import { given, type RunState } from '../run-state.ts';
import { timed, timedSlot } from '../timed.ts';
import { requireNeeds } from './require-needs.ts';

/** What a component has come to while it is restored, which outlives an error on the way. */
interface Attempt {
  volume?: Volume;
  slot?: ServiceSlot<Database>;
}

/** Restores the backup of every component to a new place, one after the other, then asks the workload whether it serves. */
export async function restoreFound(state: RunState<Rehearsal>): Promise<string> {
  const { workload, paths } = state.drill;
  const wanted = workload.restoreOrder.filter((name) => paths[name]);
  let restored = new World([]);
  state.struck = [];
  for (const component of wanted) {
    const attempt: Attempt = {};
    try {
      const receipt = await restoreOne(state, component, restored, attempt);
      state.receipts.push(receipt);
      state.journal.write('receipt', { receipt });
      const target = attempt.volume ?? (await given(attempt.slot, `the server of ${component}`).start());
      restored = restored.with([[component, target]]);
      state.struck.push(component);
    } catch (error) {
      // The others are restored all the same: a report of everything that is wrong is worth more than the first thing.
      const casualties = state.substrate?.casualties() ?? [];
      const interrupted = state.signal.aborted;
      const failure = describeFailure(error, { phase: 'restore', component, casualties, interrupted });
      state.failures.push(failure);
      state.journal.write('failure', { failure });
      if (interrupted) throw error;
      if (!attempt.volume || failure.verdict !== 'fail' || !(await holdsSomething(attempt.volume))) continue;
      // What a failed restore has brought back all the same is judged file by file.
      restored = restored.with([[component, attempt.volume]]);
      state.halfRestored.push(component);
    }
  }
  state.restored = restored;
  for (const component of restored.names)
    state.identities.push({ component, before: '', after: restored.target(component).identity });
  if (state.struck.length === wanted.length) await untilServing(state);
  notTimed(state);
  return `${state.struck.length} of ${wanted.length} components${state.ready?.ready ? ', serving' : ''}`;
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

async function restoreOne(
  state: RunState<Rehearsal>,
  component: string,
  restored: World,
  attempt: Attempt,
): Promise<Receipt> {
  const source = given(state.drill.paths[component], `the source of ${component}`);
  const substrate = given(state.substrate, 'the substrate');
  const spent = { fetch: 0, load: 0 };
  const jobs = jobContext(state, component);
  const common: Omit<SourceContext<'volume'>, 'target'> = {
    ...jobs,
    restored,
    listed: async (files) => {
      const sorted = files.toSorted((a, b) => compareBytes(a.path, b.path));
      await state.folder.record('after', component, 'listed', sorted);
    },
    volume: (name) => substrate.volume(`${component}-${name}`),
    run: async (job) => {
      const report = await jobs.run(job);
      addSteps(spent, report);
      return report;
    },
  };
  const startedMs = performance.now();
  return await timed(state, { name: `${component} from ${source.name}`, component }, async () => {
    const receipt = await restoreWith(state, source, component, common, attempt);
    const seconds = (performance.now() - startedMs) / 1000;
    state.componentRto[component] = {
      seconds,
      objectiveSeconds: null,
      phases: { provision: Math.max(0, seconds - spent.fetch - spent.load), ...spent, ready: 0 },
    };
    return receipt;
  });
}

async function restoreWith(
  state: RunState<Rehearsal>,
  source: AnyBackupSource,
  component: string,
  common: Omit<SourceContext<'volume'>, 'target'>,
  attempt: Attempt,
): Promise<Receipt> {
  const substrate = given(state.substrate, 'the substrate');
  const name = `${component}-restored`;
  if (source.protects === 'volume') {
    attempt.volume = await substrate.volume(name);
    return await source.restore({ ...common, target: attempt.volume });
  }
  return await source.restore({
    ...common,
    target: async (needs) => {
      state.journal.write('needs', { component, needs });
      await substrate.choosePostgres?.(needs);
      const slot = timedSlot(
        state,
        component,
        await substrate.postgres(name, needs.database ?? state.drill.workload.name),
      );
      attempt.slot = { data: slot.data, start: async () => await requireNeeds(await slot.start(), needs) };
      return attempt.slot;
    },
  });
}
