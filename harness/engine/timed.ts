import type { Timing } from '../model/result.ts';
import type { ServiceSlot } from '../model/target.ts';
import type { AnyRunState } from './run-state.ts';

/** The name of the time that a run waits until users have written: nobody's work, and in no RTO. */
export const WAITING_FOR_WRITES = 'waiting for writes';

/** What a timed piece is called; what belongs to no component has none. */
interface Piece {
  readonly name: string;
  readonly component?: string;
  readonly kind?: Timing['kind'];
}

/** Runs one timed piece of a phase; what it took is kept, whether it went well or not. */
export async function timed<T>(state: AnyRunState, piece: Piece, work: () => Promise<T>): Promise<T> {
  const startedAt = new Date();
  const startedMs = performance.now();
  let ok = false;
  try {
    const value = await work();
    ok = true;
    return value;
  } finally {
    const seconds = (performance.now() - startedMs) / 1000;
    const facts = { phase: state.phase, kind: 'harness', ...piece } as const;
    const timing: Timing = { ...facts, startedAt: startedAt.toISOString(), seconds, ok };
    state.timings.push(timing);
    state.journal.write('timing', { timing });
  }
}

/** The same slot, whose start is timed. */
export function timedSlot<Service>(
  state: AnyRunState,
  component: string,
  slot: ServiceSlot<Service>,
): ServiceSlot<Service> {
  let started: Promise<Service> | undefined;
  const piece = { name: `${component} server`, component, kind: 'service' } as const;
  return {
    data: slot.data,
    start: () => {
      started ??= timed(state, piece, () => slot.start());
      return started;
    },
  };
}
