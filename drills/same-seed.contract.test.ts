import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { immich } from '../fixtures/immich/immich.ts';
import { runForTest } from '../harness/engine/testing/run-for-test.ts';
import type { FileEntry } from '../harness/model/manifest.ts';
import type { RunResult } from '../harness/model/result.ts';
import type { Workload } from '../harness/model/workload.ts';
import { LIBRARY, smallImmich } from './testing/small-immich.ts';

const LISTS = [
  'library/files',
  'models/files',
  'config/files',
  'database/rows',
  'database/schema',
  'database/references',
  'database/inventory',
  'redis/keys',
];

it('the same seed gives the same library, file by file and row by row, and another seed another', async () => {
  const [first, second, other] = [await recorded(LIBRARY), await recorded(LIBRARY), await recorded(otherSeed())];
  for (const list of LISTS) expect(differing(first, second, list), list).toEqual([]);
  for (const list of ['library/files', 'database/rows', 'redis/keys', 'config/files'])
    expect(differing(first, other, list), list).not.toEqual([]);
});

function otherSeed(): Workload {
  return immich({ ...LIBRARY.scale, seed: LIBRARY.scale.seed + 1 });
}

/** What was recorded before the backup, with which the users' own writes begin; the run ends there. */
async function recorded(workload: Workload): Promise<Map<string, string[]>> {
  const controller = new AbortController();
  const lists = new Map<string, string[]>();
  const onPhase = (phase: string) => {
    if (phase === 'backup') controller.abort();
  };
  const read = ({ run }: RunResult) => {
    for (const list of LISTS) {
      const lines = readFileSync(join(run.folder, 'evidence/before', `${list}.ndjson`), 'utf8')
        .trim()
        .split('\n');
      lists.set(list, list.endsWith('/files') ? lines.map(withoutFolderTime) : lines);
    }
  };
  const result = await runForTest(smallImmich({ workload }), { signal: controller.signal, onPhase }, read);
  expect(result.failures).toMatchObject([{ phase: 'backup', code: 'interrupted' }]);
  return lists;
}

/** Folders have the time of the last write into them, which is that of the clock. */
function withoutFolderTime(line: string): string {
  const { mtimeMs, ...entry } = JSON.parse(line) as FileEntry;
  return JSON.stringify(entry.type === 'directory' ? entry : { ...entry, mtimeMs });
}

/** The first few lines that one list has and the other has not. */
function differing(one: Map<string, string[]>, other: Map<string, string[]>, list: string): string[] {
  const [left, right] = [new Set(one.get(list)), new Set(other.get(list))];
  expect(left.size).toBeGreaterThan(0);
  return [...left.symmetricDifference(right)].slice(0, 5);
}
