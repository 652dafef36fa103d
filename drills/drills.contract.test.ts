import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drillNames, loadDrill } from '../harness/cli/load-drills.ts';
import { changeDrill } from '../harness/cli/resize-drill.ts';
import { complaints, runForTest } from '../harness/engine/testing/run-for-test.ts';
import { needsOf } from '../harness/model/drill.ts';

const FOLDERS = [import.meta.dirname];
const NAMES = drillNames(FOLDERS);
const ASSETS = 24;

it('every file of the folder is a drill, a test, or what tests need', () => {
  const others = readdirSync(import.meta.dirname).filter((name) => !/\.drill\.ts$|\.test\.ts$|^testing$/.test(name));
  expect(others).toEqual([]);
  expect(NAMES).toContain('immich-full');
});

const ALL = await Promise.all(NAMES.map(async (name) => ({ name, drill: await loadDrill(name, FOLDERS) })));
const ANYWHERE = ALL.filter(({ drill }) => needsOf(drill).length === 0).map(({ name }) => name);
const ON_A_CLUSTER = ALL.filter(({ drill }) => needsOf(drill).length > 0);

it.each(ON_A_CLUSTER)(
  '$name needs a cluster, and is refused here before anything is built',
  async ({ name, drill }) => {
    expect(drill.name).toBe(name);
    const result = await runForTest(drill);
    expect(result).toMatchObject({ exitCode: 64, run: { phaseReached: 'preflight' }, rto: { seconds: null } });
    expect(result.failures).toMatchObject([{ code: 'substrate-cannot', next: expect.stringContaining('--on kind') }]);
  },
);

describe.each(ANYWHERE)('%s', (name) => {
  it('is valid, goes by the name of its file, and passes', async () => {
    const drill = await loadDrill(name, FOLDERS);
    expect(drill.name).toBe(name);
    const small = changeDrill(drill, { scale: { assets: ASSETS }, only: [] });
    const result = await runForTest(small);

    expect(result.failures).toEqual([]);
    expect(complaints(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    const inCluster = Object.keys(drill.paths).filter((component) => drill.paths[component]?.protects === 'kubernetes');
    const untested = result.notTested.filter(({ why }) => why.includes('--on kind')).map(({ what }) => what);
    expect(untested).toEqual(expect.arrayContaining(inCluster));
    const here = Object.keys(drill.paths).filter((component) => !inCluster.includes(component));
    const struck = drill.disaster.strikes(here);
    expect(struck.length).toBeGreaterThan(0);
    expect(Object.keys(result.rto.components).toSorted()).toEqual(struck.toSorted());
    for (const component of struck) expect(result.rto.components[component]?.seconds, component).toBeGreaterThan(0);
    expect(result.backups.map(({ component }) => component).toSorted()).toEqual(here.toSorted());
  });
});
