import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drillNames, loadDrill } from '../harness/cli/load-drills.ts';
import { changeDrill } from '../harness/cli/resize-drill.ts';
import { complaints, runForTest } from '../harness/run/testing/run-for-test.ts';

const FOLDERS = [import.meta.dirname];
const NAMES = drillNames(FOLDERS);
const ASSETS = 24;

it('every file of the folder is a drill, a test, or what tests need', () => {
  const others = readdirSync(import.meta.dirname).filter((name) => !/\.drill\.ts$|\.test\.ts$|^testing$/.test(name));
  expect(others).toEqual([]);
  expect(NAMES).toContain('immich-full');
});

describe.each(NAMES)('%s', (name) => {
  it('is valid, goes by the name of its file, and passes', async () => {
    const drill = await loadDrill(name, FOLDERS);
    expect(drill.name).toBe(name);
    const small = changeDrill(drill, { scale: { assets: ASSETS }, only: [] });
    const result = await runForTest(small);

    expect(result.failures).toEqual([]);
    expect(complaints(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    const struck = drill.disaster.strikes(Object.keys(drill.paths));
    expect(struck.length).toBeGreaterThan(0);
    expect(Object.keys(result.rto.components).toSorted()).toEqual(struck.toSorted());
    for (const component of struck) expect(result.rto.components[component]?.seconds, component).toBeGreaterThan(0);
    expect(result.backups.map(({ component }) => component).toSorted()).toEqual(Object.keys(drill.paths).toSorted());
  });
});
