import { expect, it } from 'vitest';
import type { Phase, RunResult, Timing } from '../harness/model/result.ts';
import { sharesOf } from './engine-share.ts';

function timing(phase: Phase, seconds: number, rest: Partial<Timing> = {}): Timing {
  return { phase, name: phase, kind: 'phase', startedAt: '2026-01-01T00:00:00.000Z', seconds, ok: true, ...rest };
}

const TIMINGS: readonly Timing[] = [
  timing('preflight', 1),
  timing('provision', 2),
  timing('seed', 10),
  timing('record', 4),
  timing('backup', 31, { name: 'waiting for writes', kind: 'harness', seconds: 1 }),
  timing('backup', 25, { name: 'library.backup', kind: 'job' }),
  timing('backup', 31),
  timing('strike', 2),
  timing('restore', 3, { name: 'database server', kind: 'service' }),
  timing('restore', 20),
  timing('observe', 4),
  timing('judge', 1),
  timing('dispose', 5),
];

it('counts as the engine whatever is nobody else’s', () => {
  const result = { run: { seconds: 80 }, timings: TIMINGS } as unknown as RunResult;
  const steps = [
    { program: 'restic', seconds: 20 },
    { program: 'restic', seconds: 15 },
  ];
  const journal = [
    { at: '', event: 'run' },
    { at: '', event: 'timing', steps },
  ];
  expect(sharesOf(result, journal)).toEqual({
    tools: 35,
    servers: 10,
    seeding: 10,
    judging: 9,
    disaster: 2,
    waiting: 1,
    engine: 13,
  });
});
