import { kindOf } from '../../kinds/kinds.ts';
import type { JobReport, RtoPhase } from '../../model/job.ts';
import { type Target, World } from '../../model/target.ts';
import type { Part, Restored } from '../made.ts';
import { noteFailure } from '../note-failure.ts';
import type { Run } from '../run.ts';
import { timed } from '../timed.ts';

/** Restores one component; `begin` gets the place as soon as there is one, for a look when the restore fails. */
export type RestoreComponent = (component: string, begin: (place: Target) => void) => Promise<Target>;

/** Restores components one after the other into the restored world, whatever becomes of the others. */
export async function restoreEach(
  run: Run,
  { opened, restored }: Part<'opened', 'restored'>,
  components: readonly string[],
  restoreOne: RestoreComponent,
): Promise<void> {
  for (const component of components) {
    let begun: Target | undefined;
    const begin = (place: Target) => {
      begun = place;
    };
    try {
      bring(restored, component, await restoreOne(component, begin));
      restored.whole.push(component);
    } catch (error) {
      // The others are restored all the same: a report of everything that is wrong is worth more than the first thing.
      const failure = noteFailure(run, opened, error, { component });
      if (run.signal.aborted) throw error;
      if (!begun || failure.verdict !== 'fail' || !(await kindOf(begun).holdsSomething?.(begun))) continue;
      // What a failed restore has brought back all the same is judged file by file: which photos are lost matters most.
      bring(restored, component, begun);
      restored.half.push(component);
    }
  }
  noteIdentities(restored);
}

function bring(restored: Restored, component: string, target: Target): void {
  restored.world = (restored.world ?? new World([])).with([[component, target]]);
}

/** Notes what tells the restored components from what they were before. */
export function noteIdentities({ world, whole, half, identities }: Restored): void {
  for (const component of world?.names ?? [])
    if (world && (whole.includes(component) || half.includes(component)))
      identities.set(component, world.target(component).identity);
}

/** Seconds that steps of jobs took, by the part of the RTO that they belong to. */
export interface Spent {
  fetch: number;
  load: number;
  /** What was done meanwhile and is no part of a restore. */
  aside: number;
}

/** Times the restore of one component; what is not in the steps that `work` adds up is the making of its place. */
export async function timeRestore<T>(
  run: Run,
  { rto }: Restored,
  piece: { readonly name: string; readonly component: string },
  work: (spent: Spent) => Promise<T>,
): Promise<T> {
  const spent: Spent = { fetch: 0, load: 0, aside: 0 };
  const startedMs = performance.now();
  return await timed(run, piece, async () => {
    const done = await work(spent);
    const { fetch, load, aside } = spent;
    const seconds = Math.max(0, (performance.now() - startedMs) / 1000 - aside);
    const provision = Math.max(0, seconds - fetch - load);
    rto[piece.component] = { seconds, objectiveSeconds: null, phases: { provision, fetch, load, ready: 0 } };
    return done;
  });
}

/** Adds what the steps of a job took to the parts of the RTO that they belong to. */
export function addSteps(spent: Spent, report: JobReport): void {
  for (const step of report.steps) {
    const phase: RtoPhase = step.phase ?? 'load';
    if (phase === 'fetch' || phase === 'load') spent[phase] += step.seconds;
  }
}
