import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSabotages } from '../harness/cli/load-sabotages.ts';
import { openLocal } from '../harness/cli/open-substrate.ts';
import type { Drill } from '../harness/model/drill.ts';
import { type AnySabotage, isReady } from '../harness/model/sabotage.ts';
import type { SabotageResult } from '../harness/model/sabotage-result.ts';
import { tar } from '../harness/paths/tar.ts';
import { gotThrough, withoutCheck } from '../harness/sabotage/judge-cell.ts';
import type { Selection } from '../harness/sabotage/plan.ts';
import { runMatrix } from '../harness/sabotage/run-matrix.ts';
import immichFull from './immich-full.drill.ts';

/** Alone it takes four minutes; other tests may run beside it. */
const MATRIX_BUDGET_MS = 25 * 60_000;
const LEAST_SABOTAGES = 45;

/** Without these the run would not pass all the same; what is lost is the name of the thing, by which a person finds it. */
const NAMES_WHAT_OTHERS_ONLY_SEE = [
  'markers of library',
  'inventory of database',
  'files-to-rows of library',
  'identity of all',
  'ready of all',
];

/** That of resources earns its place in a cluster, see sabotage.cluster.test.ts. */
const HERE = immichFull.workload.checks.filter(({ component }) => component !== 'resources');
const CHECKS = HERE.map(({ name, component }) => `${name} of ${component}`);
const SABOTAGES = await loadSabotages();
const READY = SABOTAGES.filter(isReady);
const CELL = {
  runsFolder: '',
  signal: new AbortController().signal,
  openSubstrate: openLocal({ s3: 'versitygw', onNote: () => {} }),
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-sabotage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function matrix(drill: Drill, selection: Partial<Selection>, sabotages: readonly AnySabotage[] = SABOTAGES) {
  return await runMatrix(drill, sabotages, {
    ...CELL,
    runsFolder: folder,
    substrate: 'local',
    selection: { only: [], paths: [], ...selection },
    repeats: 1,
    concurrency: 2,
    listener: { planned: () => {}, cell: () => {}, healthy: () => {} },
  });
}

describe('every sabotage, against one of its paths', () => {
  let result: SabotageResult;
  beforeAll(async () => {
    result = await matrix(immichFull, { once: true });
  }, MATRIX_BUDGET_MS);

  it('is caught by name, and no healthy twin is', () => {
    expect(result.missed.map(({ sabotage, path, why }) => `${sabotage} on ${path}: ${why}`)).toEqual([]);
    expect(result.falseAlarms.map(({ path, why }) => `${path}: ${why}`)).toEqual([]);
    expect(result).toMatchObject({ exitCode: 0, killScore: 100 });
    expect(result.caught).toBeGreaterThanOrEqual(LEAST_SABOTAGES);
    expect(result.waiting.length).toBe(SABOTAGES.length - READY.length);
  });

  it.each(READY.map(({ name }) => name))('%s is caught by something that says what was harmed', (name) => {
    const cells = result.cells.filter(({ sabotage }) => sabotage === name);
    const isOut = result.notApplicable.some(({ sabotage }) => sabotage === name);
    expect(cells.length > 0 || isOut).toBe(true);
    for (const { harmed, complaints } of cells) {
      const named = complaints.filter(({ expected }) => expected).flatMap((one) => one.named);
      expect(harmed.length).toBeGreaterThan(0);
      expect([...new Set(named)].toSorted()).toEqual([...harmed].toSorted());
    }
  });

  it.each(CHECKS)('gets through without the check %s, which so earns its place', (by) => {
    const through = result.cells
      .map((cell) => ({ cell, why: gotThrough(withoutCheck(cell, by)) }))
      .filter(({ why }) => why !== '');
    expect(through.map(({ cell }) => cell.sabotage)).not.toEqual([]);
    const passes = through.filter(({ why }) => why === 'the run passed').map(({ cell }) => cell.sabotage);
    if (NAMES_WHAT_OTHERS_ONLY_SEE.includes(by)) expect(passes).toEqual([]);
    else expect(passes).not.toEqual([]);
  });
});

describe('the command fails', () => {
  it('with the sabotage that gets through when a check is really not there', async () => {
    const { workload } = immichFull;
    const without = (checks: typeof workload.checks): typeof workload => ({
      ...workload,
      checks,
      resized: (scale) => ({ ...workload.resized(scale), checks }),
    });
    const blind: Drill = { ...immichFull, workload: without(workload.checks.filter(({ name }) => name !== 'schema')) };
    const result = await matrix(blind, { only: ['index-lost'], paths: ['pg-dump custom'] });
    expect(result).toMatchObject({ exitCode: 1, killScore: 0, total: 1, caught: 0, falseAlarms: [] });
    expect(result.missed).toMatchObject([{ sabotage: 'index-lost', why: 'the run passed', exitCode: 0 }]);
  });

  it('with a false alarm, when a path that nobody has ruined loses something', async () => {
    const real = tar();
    const careless: typeof real = {
      ...real,
      restore: async (context) => {
        await real.restore(context);
        await context.target.remove('upload/.immich');
      },
    };
    const drill: Drill = { ...immichFull, paths: { ...immichFull.paths, library: careless } };
    const result = await matrix(drill, { only: ['photo-bit-rot'], paths: ['tar'] });
    expect(result).toMatchObject({ exitCode: 1, caught: 1, missed: [] });
    expect(result.falseAlarms).toMatchObject([{ path: 'tar', why: expect.stringContaining('markers of library') }]);
  });
});
