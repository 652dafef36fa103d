import type { RtoPhase } from '../../harness/model/job.ts';
import type { Measured, RunResult } from '../../harness/model/result.ts';
import { isMeasured } from './quantities.ts';

/** The phases of the RTO, in order. */
export const RTO_PHASES: readonly RtoPhase[] = ['provision', 'fetch', 'load', 'ready'];

/** How a time stands against its objective; a time that was not measured never meets one. */
export type Standing = 'met' | 'missed' | 'not measured' | 'no objective';

/** One line of the RTO or RPO table. */
export interface ObjectiveRow {
  /** A component, `all`, or what had to be made before anything could be restored. */
  readonly component: string;
  readonly seconds: number | null;
  readonly objectiveSeconds: number | null;
  readonly standing: Standing;
  /** Seconds by phase; only in the RTO. */
  readonly phases: Readonly<Partial<Record<RtoPhase, number>>>;
}

/** The RTO, the whole first, then by component. */
export function rtoRows(result: Pick<RunResult, 'rto'>): ObjectiveRow[] {
  const components = Object.entries(result.rto.components);
  return [
    row('all', result.rto, result.rto.phases),
    ...placeRows(result),
    ...components.map(([component, rto]) => row(component, rto, rto.phases)),
  ];
}

/** The place to restore into, where the disaster took it: apart, since what it took is no component's fault. */
function placeRows({ rto: { place } }: Pick<RunResult, 'rto'>): ObjectiveRow[] {
  if (!place) return [];
  const { name, seconds } = place;
  return [row(name, { seconds, objectiveSeconds: null }, { provision: seconds, fetch: 0, load: 0, ready: 0 })];
}

/** The RPO, the whole first, then by component. */
export function rpoRows(result: Pick<RunResult, 'rpo'>): ObjectiveRow[] {
  return [
    row('all', result.rpo, {}),
    ...Object.entries(result.rpo.components).map(([name, rpo]) => row(name, rpo, {})),
  ];
}

function row(component: string, measured: Measured, phases: ObjectiveRow['phases']): ObjectiveRow {
  const { seconds, objectiveSeconds } = measured;
  return { component, seconds, objectiveSeconds, standing: standingOf(measured), phases };
}

function standingOf({ seconds, objectiveSeconds }: Measured): Standing {
  if (!isMeasured(objectiveSeconds)) return isMeasured(seconds) ? 'no objective' : 'not measured';
  if (!isMeasured(seconds)) return 'not measured';
  return seconds <= objectiveSeconds ? 'met' : 'missed';
}
