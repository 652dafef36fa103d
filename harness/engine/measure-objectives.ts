import { kindOf } from '../kinds/kinds.ts';
import type { AnyDrill } from '../model/drill.ts';
import { parseDuration } from '../model/duration.ts';
import type { RtoPhase } from '../model/job.ts';
import type { Measured, RpoReport, RtoReport } from '../model/result.ts';
import type { LedgerEntry, RestoredWorkload } from '../model/workload.ts';
import type { Part } from './made.ts';
import { measureRpo } from './measure-rpo.ts';
import type { Run } from './run.ts';
import type { RunFolder } from './run-folder.ts';

const MS_PER_SECOND = 1000;
const RTO_PHASES: readonly RtoPhase[] = ['provision', 'fetch', 'load', 'ready'];

/**
 * The RTO by component and phase against its objectives; null where a component was not restored, or never served. It
 * runs from the disaster by the clock: what lies between the pieces of a restore counts as `provision`. Outside is what
 * is the harness's own, and a phase of its own in the timings: the strike itself and the proof that all is gone.
 */
export function reportRto(
  { log }: { readonly log: Pick<Run['log'], 'phases'> },
  { opened: { drill }, restored }: Part<'opened' | 'restored'>,
): RtoReport {
  const { objectives } = drill;
  const { place, readySeconds } = restored;
  const components = Object.fromEntries(
    Object.entries(restored.rto).map(([name, rto]) => [
      name,
      { ...rto, objectiveSeconds: seconds(objectives?.components?.[name]?.rto) },
    ]),
  );
  const phases = Object.fromEntries(
    RTO_PHASES.map((phase) => [phase, Object.values(components).reduce((sum, rto) => sum + rto.phases[phase], 0)]),
  ) as Record<RtoPhase, number>;
  phases.ready = readySeconds ?? 0;
  phases.provision += Math.max(place?.seconds ?? 0, betweenPieces(log.phases, drill, phases));
  const whole = RTO_PHASES.reduce((sum, phase) => sum + phases[phase], 0);
  return {
    seconds: readySeconds === null ? null : whole,
    objectiveSeconds: seconds(objectives?.rto),
    phases,
    ...(place && { place }),
    components,
  };
}

/** What a restore after a disaster took by the clock, and none of its pieces did. */
function betweenPieces(
  { restore, strike }: Run['log']['phases'],
  { workload }: AnyDrill,
  phases: Readonly<Record<RtoPhase, number>>,
): number {
  // Without a disaster there is nothing to run from; in batches the harness reads and hashes on the way.
  if (!strike || !restore?.endedAt) return 0;
  const wholeSeconds = (Date.parse(restore.endedAt) - Date.parse(restore.startedAt)) / MS_PER_SECOND;
  // A server that writes is started only when all has been read: its time is not in the phase.
  const readySeconds = workload.server?.writes ? 0 : phases.ready;
  return Math.max(0, wholeSeconds - phases.provision - phases.fetch - phases.load - readySeconds);
}

/** The RPO measured from the ledger, by component, against its objectives; the worst of them is that of the whole. */
export async function reportRpo(
  { folder, log }: Run,
  { opened: { drill }, backedUp, struck }: Part<'opened' | 'backedUp' | 'struck'>,
): Promise<RpoReport> {
  const { objectives, workload } = drill;
  const struckAt = log.phases.strike?.startedAt;
  const ledger = backedUp.ledger?.entries ?? [];
  const survivors: Record<string, Set<string>> = {};
  for (const component of struck.components) {
    const marks = new Set(ledger.flatMap((entry) => marksOf(entry, component)));
    const found = marks.size > 0 ? await survivingMarks(folder, workload, component, marks) : undefined;
    if (found) survivors[component] = found;
  }
  const measured = struckAt ? await measureRpo({ ledger, survivors, struckAt }) : {};
  const components: Record<string, Measured> = {};
  for (const component of struck.components)
    components[component] = {
      seconds: measured[component] ?? null,
      objectiveSeconds: seconds(objectives?.components?.[component]?.rpo),
    };
  // A component that the ledger never wrote to has no RPO to be worst of; one whose writes are all lost has none that is known.
  const written = Object.keys(survivors);
  const known = written.map((component) => measured[component] ?? null);
  const whole = known.length > 0 && !known.includes(null) ? Math.max(...known.map((value) => value ?? 0)) : null;
  return { seconds: whole, objectiveSeconds: seconds(objectives?.rpo), components };
}

function marksOf(entry: LedgerEntry, component: string): string[] {
  return entry.marks.filter((mark) => mark.component === component).map(({ key }) => key);
}

async function survivingMarks(
  folder: RunFolder,
  { components }: RestoredWorkload,
  component: string,
  marks: ReadonlySet<string>,
): Promise<Set<string> | undefined> {
  const known = components.find(({ name }) => name === component);
  const names = known && kindOf(known).marks((kind) => folder.list('after', component, kind));
  if (!names) return undefined;
  const found = new Set<string>();
  for await (const name of names) if (marks.has(name)) found.add(name);
  return found;
}

function seconds(duration: string | undefined): number | null {
  return duration === undefined ? null : (parseDuration(duration) ?? null);
}
