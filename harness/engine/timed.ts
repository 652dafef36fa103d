import type { Timing } from '../model/result.ts';
import type { ServiceSlot } from '../model/target.ts';
import type { Run } from './run.ts';

/** The name of the time that a run waits until users have written: nobody's work, and in no RTO. */
export const WAITING_FOR_WRITES = 'waiting for writes';

/** What a timed piece is called; what belongs to no component has none. */
interface Piece {
  readonly name: string;
  readonly component?: string;
  readonly kind?: Timing['kind'];
}

/** Runs one timed piece of a phase; what it took is kept, whether it went well or not. */
export async function timed<T>({ log }: Pick<Run, 'log'>, piece: Piece, work: () => Promise<T>): Promise<T> {
  const startedAt = new Date();
  const startedMs = performance.now();
  let ok = false;
  try {
    const value = await work();
    ok = true;
    return value;
  } finally {
    const seconds = (performance.now() - startedMs) / 1000;
    log.time({ phase: log.phase, kind: 'harness', ...piece, startedAt: startedAt.toISOString(), seconds, ok });
  }
}

/** The same slot, whose start is timed. */
export function timedSlot<Service>(run: Run, component: string, slot: ServiceSlot<Service>): ServiceSlot<Service> {
  let started: Promise<Service> | undefined;
  const piece = { name: `${component} server`, component, kind: 'service' } as const;
  return {
    data: slot.data,
    start: () => {
      started ??= timed(run, piece, () => slot.start());
      return started;
    },
  };
}
