import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadSabotages } from '../../harness/cli/load-sabotages.ts';
import { shareCluster } from '../../harness/cli/sabotage/open-shared-substrate.ts';
import { isReady } from '../../harness/model/sabotage.ts';
import type { SabotageResult } from '../../harness/model/sabotage-result.ts';
import { gotThrough, withoutCheck } from '../../harness/sabotage/judge-cell.ts';
import { runMatrix } from '../../harness/sabotage/run-matrix.ts';
import { clusterParts } from '../../harness/substrates/kubernetes/kind/testing/open-kind.ts';
import immichFull from '../immich-full.drill.ts';

const MATRIX_BUDGET_MS = 20 * 60_000;

const SABOTAGES = await loadSabotages();

/** Faults that need a cluster, and what must catch each of them. */
export type FaultsOnKind = Readonly<Record<string, string>>;

/** The matrix of those faults alone, with the healthy twins of the paths that they are done to, in one cluster for all of them. */
export function describeMatrixOnKind(faults: FaultsOnKind, paths: readonly string[], jobs: number): void {
  let unavailable: string | undefined;
  let result: SabotageResult;
  let folder = '';

  beforeAll(async () => {
    const parts = await clusterParts();
    if (typeof parts === 'string') {
      unavailable = parts;
      return;
    }
    folder = mkdtempSync(join(tmpdir(), 'drill-sabotage-'));
    const { signal } = new AbortController();
    const cells = { runsFolder: folder, signal };
    await using place = await shareCluster({ images: parts.images }, { ...cells, jobs, onNote: () => {} });
    result = await runMatrix(immichFull, SABOTAGES, {
      ...cells,
      ...{ substrate: 'kind', repeats: 1, concurrency: jobs },
      selection: { only: Object.keys(faults), paths: [], once: true },
      listener: { planned: () => {}, cell: () => {}, healthy: () => {} },
      openSubstrate: place.open,
    });
  }, MATRIX_BUDGET_MS);
  beforeEach((ctx) => {
    if (unavailable) ctx.skip(unavailable);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe('in one cluster for all of them', () => {
    it('no healthy twin is a false alarm, and nothing gets through', () => {
      expect(result.falseAlarms.map(({ path, why }) => `${path}: ${why}`)).toEqual([]);
      expect(result.missed.map(({ sabotage, path, why }) => `${sabotage} on ${path}: ${why}`)).toEqual([]);
      expect(result).toMatchObject({ exitCode: 0, killScore: 100, total: Object.keys(faults).length });
      expect(result.healthy.map(({ path }) => path)).toEqual(expect.arrayContaining([...paths]));
    });

    it.each(Object.entries(faults))('%s is caught by %s, which says what was harmed', (name, by) => {
      const [cell] = result.cells.filter(({ sabotage }) => sabotage === name);
      expect(cell?.harmed).not.toEqual([]);
      const catcher = cell?.complaints.find((one) => one.by === by);
      expect(catcher).toMatchObject({ expected: true, named: expect.arrayContaining([...(cell?.harmed ?? [])]) });
    });

    it('lost resources get through without the check of resources, which so earns its place', () => {
      const by = 'resources of resources';
      for (const [name, expected] of Object.entries(faults).filter((fault) => fault[1] === by)) {
        const [cell] = result.cells.filter(({ sabotage }) => sabotage === name);
        expect(cell && gotThrough(withoutCheck(cell, expected)), name).toBe('the run passed');
      }
    });

    it('those that have no path yet are listed with what they wait for', () => {
      expect(result.waiting.length).toBe(SABOTAGES.filter((one) => !isReady(one)).length);
      expect(result.waiting.map(({ waitsFor }) => waitsFor)).toEqual(
        expect.arrayContaining(['volsync', 'CloudNativePG', 'WAL archiving']),
      );
    });
  });
}
