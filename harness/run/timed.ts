import type { RunState } from './run-state.ts';

/** Runs one timed piece of a phase; what it took is kept, whether it went well or not. */
export async function timed<T>(state: RunState, name: string, component: string, work: () => Promise<T>): Promise<T> {
  const startedAt = new Date();
  const startedMs = performance.now();
  let ok = false;
  try {
    const value = await work();
    ok = true;
    return value;
  } finally {
    const seconds = (performance.now() - startedMs) / 1000;
    const timing = {
      phase: state.phase,
      name,
      component,
      kind: 'harness',
      startedAt: startedAt.toISOString(),
      seconds,
      ok,
    } as const;
    state.timings.push(timing);
    state.journal.write('timing', { timing });
  }
}
