import { expect, it } from 'vitest';
import { reportRto } from './measure-objectives.ts';
import type { AnyRunState } from './run-state.ts';

const RESTORE = { startedAt: '2026-01-01T00:00:10.000Z', endedAt: '2026-01-01T00:00:30.000Z' };
const STRIKE = { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:05.000Z' };

function stateOf(changes: object): AnyRunState {
  const rto = (fetch: number) => ({
    seconds: fetch + 3,
    objectiveSeconds: null,
    phases: { provision: 1, fetch, load: 2, ready: 0 },
  });
  return {
    drill: { workload: {}, objectives: { rto: '1m' } },
    phases: { strike: STRIKE, restore: RESTORE },
    componentRto: { library: rto(4), database: rto(1) },
    readySeconds: 2,
    ...changes,
  } as unknown as AnyRunState;
}

it('runs by the clock from the disaster on: what lies between the pieces counts, the proof of absence does not', () => {
  const rto = reportRto(stateOf({}));
  expect(rto.seconds).toBe(20);
  expect(rto.phases).toEqual({ provision: 9, fetch: 5, load: 4, ready: 2 });
  expect(rto.components.library?.seconds).toBe(7);
});

it('adds the time of a server that is started after all was read', () => {
  expect(reportRto(stateOf({ drill: { workload: { server: { writes: true } } } })).seconds).toBe(22);
});

it('counts a place that was made first once', () => {
  expect(reportRto(stateOf({ place: { name: 'new cluster', seconds: 5 } })).seconds).toBe(20);
});

it('is the sum of its pieces where there was no disaster, and unknown where nothing served', () => {
  expect(reportRto(stateOf({ phases: { restore: RESTORE } })).seconds).toBe(13);
  expect(reportRto(stateOf({ readySeconds: null })).seconds).toBeNull();
});
