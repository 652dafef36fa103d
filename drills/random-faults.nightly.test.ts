import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openLocal } from '../harness/cli/open-substrate.ts';
import { runRandom } from '../harness/sabotage/random/run-random.ts';
import immichFull from './immich-full.drill.ts';

const FAULTS = Number(process.env.DRILL_FAULTS ?? 60);
const BUDGET_MS = 2 * 3_600_000;

const folder = mkdtempSync(join(tmpdir(), 'drill-random-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(`${FAULTS} random faults in what was stored are caught, or have hurt nothing`, { timeout: BUDGET_MS }, async () => {
  const seed = Number(process.env.DRILL_SEED ?? Date.now() % 1_000_000);
  process.stdout.write(`DRILL_SEED=${seed}\n`);
  const result = await runRandom(immichFull, {
    ...{ runsFolder: folder, substrate: 'local', count: FAULTS, seed, paths: [], concurrency: 2 },
    signal: new AbortController().signal,
    openSubstrate: openLocal({ s3: 'versitygw', onNote: () => {} }),
    told: () => {},
  });
  expect(result.missed).toEqual([]);
  expect(result).toMatchObject({ exitCode: 0, total: FAULTS, caught: expect.toSatisfy((count) => count > 0) });
});
