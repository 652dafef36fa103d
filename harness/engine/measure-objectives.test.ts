import { expect, it } from 'vitest';
import type { Drill } from '../model/drill.ts';
import type { RtoReport } from '../model/result.ts';
import type { WorkloadServer } from '../model/server.ts';
import { nothingMade, type Restored } from './made.ts';
import { reportRto } from './measure-objectives.ts';
import type { RunLog } from './run-log.ts';
import { notes } from './testing/notes.ts';
import { smallDrill } from './testing/run-for-test.ts';

const WRITES = { writes: true } as unknown as WorkloadServer;

const RESTORE = { startedAt: '2026-01-01T00:00:10.000Z', endedAt: '2026-01-01T00:00:30.000Z' };
const STRIKE = { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:05.000Z' };

function reported({ phases = { strike: STRIKE, restore: RESTORE }, drill = {}, restored = {} }: Changes): RtoReport {
  const rto = (fetch: number) => ({
    seconds: fetch + 3,
    objectiveSeconds: null,
    phases: { provision: 1, fetch, load: 2, ready: 0 },
  });
  const made = nothingMade({ ...smallDrill(), objectives: { rto: '1m' }, ...drill });
  Object.assign(made.restored, { rto: { library: rto(4), database: rto(1) }, readySeconds: 2, ...restored });
  return reportRto({ log: { phases } }, made);
}

interface Changes {
  readonly phases?: RunLog['phases'];
  readonly drill?: Partial<Drill>;
  readonly restored?: Partial<Restored>;
}

it('runs by the clock from the disaster on: what lies between the pieces counts, the proof of absence does not', () => {
  const rto = reported({});
  expect(rto.seconds).toBe(20);
  expect(rto.phases).toEqual({ provision: 9, fetch: 5, load: 4, ready: 2 });
  expect(rto.components.library?.seconds).toBe(7);
});

it('adds the time of a server that is started after all was read', () => {
  expect(reported({ drill: { workload: { ...notes(), server: WRITES } } }).seconds).toBe(22);
});

it('counts a place that was made first once', () => {
  expect(reported({ restored: { place: { name: 'new cluster', seconds: 5 } } }).seconds).toBe(20);
});

it('is the sum of its pieces where there was no disaster, and unknown where nothing served', () => {
  expect(reported({ phases: { restore: RESTORE } }).seconds).toBe(13);
  expect(reported({ restored: { readySeconds: null } }).seconds).toBeNull();
});
