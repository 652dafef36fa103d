import { kindOf } from '../../kinds/kinds.ts';
import type { JobReport, RtoPhase } from '../../model/job.ts';
import type { AnyBackupPath, BackupPath, PathContext, Receipt } from '../../model/path.ts';
import { type ComponentKind, type ServiceSlot, type Target, World } from '../../model/target.ts';
import { readBackupInfo } from '../backup-info.ts';
import { describeFailure } from '../failure.ts';
import { pathContext } from '../path-context.ts';
import { given, type RunState } from '../run-state.ts';
import { timed, timedSlot } from '../timed.ts';
import { BUCKET } from './provision.ts';
import { untilServing } from './serve.ts';

/** Restores every struck component to a new place, one after the other, then waits until the workload serves again. */
export async function restore(state: RunState): Promise<string> {
  await renewPlace(state);
  const info = await readBackupInfo(state);
  const replaced: [string, Target][] = [];
  const halves: [string, Target][] = [];
  for (const component of state.drill.workload.restoreOrder.filter((name) => state.struck.includes(name))) {
    let begun: Target | undefined;
    try {
      const receipt = given(
        info.receipts.find((one) => one.component === component),
        `the receipt of ${component}`,
      );
      const begin = (target: Target) => {
        begun = target;
      };
      replaced.push([component, await restoreOne(state, component, receipt, begin)]);
    } catch (error) {
      // The others are restored all the same: a report of everything that is wrong is worth more than the first thing.
      const casualties = state.substrate?.casualties() ?? [];
      const failure = describeFailure(error, {
        phase: 'restore',
        component,
        casualties,
        interrupted: state.signal.aborted,
      });
      state.failures.push(failure);
      state.journal.write('failure', { failure });
      if (state.signal.aborted) throw error;
      // What a failed restore has brought back all the same is judged file by file: which photos are lost matters most.
      if (begun && failure.verdict === 'fail' && (await kindOf(begun).holdsSomething?.(begun)))
        halves.push([component, begun]);
    }
  }
  const world = given(state.world, 'the world');
  state.restored = world.with([...replaced, ...halves]);
  state.halfRestored = halves.map(([component]) => component);
  for (const [component, { identity }] of [...replaced, ...halves])
    for (const one of state.identities) if (one.component === component) one.after = identity;
  state.wholeAgain = replaced.length === state.struck.length;
  if (state.wholeAgain && !state.drill.workload.server?.writes) await untilServing(state);
  return `${replaced.length} of ${state.struck.length} components${state.ready?.ready ? ', serving again' : ''}`;
}

/** A disaster that took the place itself leaves no room to restore into: a new one is made first, and counts. */
async function renewPlace(state: RunState): Promise<void> {
  const substrate = given(state.substrate, 'the substrate');
  const { cluster } = substrate;
  const { takes } = state.drill.disaster;
  if (!takes || !cluster) return;
  const startedMs = performance.now();
  const name = `new ${takes}`;
  state.listener.step(`making a ${name}`);
  const made = await timed(state, { name, kind: 'service' }, () => cluster.renew());
  state.place = { name, seconds: (performance.now() - startedMs) / 1000 };
  state.facts[name] = made;
  // Both lay outside of what was taken; the way to them did not.
  state.vault = new World([['vault', await substrate.vault()]]);
  state.bucket = await substrate.bucket(BUCKET);
}

async function restoreOne(
  state: RunState,
  component: string,
  receipt: Receipt,
  begin: (target: Target) => void,
): Promise<Target> {
  const path = given(state.drill.paths[component], `the path of ${component}`);
  const startedMs = performance.now();
  const spent = { fetch: 0, load: 0 };
  const context = pathContext(state, component, new Date(receipt.startedAt));
  const run: PathContext['run'] = async (job) => {
    const report = await context.run(job);
    addSteps(spent, report);
    return report;
  };
  return await timed(state, { name: `${component} by ${path.name}`, component }, async () => {
    const target = await restoreTarget(state, component, path);
    if ('kind' in target) begin(target);
    // Which kind it is was just chosen by the path's own kind; the types cannot follow a pair of values.
    await (path as BackupPath<ComponentKind>).restore({ ...context, run, receipt, target } as never);
    const restored = 'start' in target ? await target.start() : target;
    const seconds = (performance.now() - startedMs) / 1000;
    state.componentRto[component] = {
      seconds,
      objectiveSeconds: null,
      phases: { provision: Math.max(0, seconds - spent.fetch - spent.load), ...spent, ready: 0 },
    };
    return restored;
  });
}

async function restoreTarget(
  state: RunState,
  component: string,
  path: AnyBackupPath,
): Promise<Target | ServiceSlot<Target>> {
  const substrate = given(state.substrate, 'the substrate');
  const kind = kindOf({ kind: path.protects });
  const place = await kind.place(substrate, `${component}-restored`, state.drill.workload.name);
  return 'start' in place ? timedSlot<Target>(state, component, place) : place;
}

/** Adds what the steps of a job took to the parts of the RTO that they belong to. */
export function addSteps(spent: { fetch: number; load: number }, report: JobReport): void {
  for (const step of report.steps) {
    const phase: RtoPhase = step.phase ?? 'load';
    if (phase === 'fetch' || phase === 'load') spent[phase] += step.seconds;
  }
}
