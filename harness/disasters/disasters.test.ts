import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Disaster, DisasterContext } from '../model/disaster.ts';
import { DrillError } from '../model/error.ts';
import { corruptFiles } from './corrupt-files.ts';
import { deleteClaims } from './delete-claims.ts';
import { deleteFiles } from './delete-files.ts';
import { deleteNamespace } from './delete-namespace.ts';
import { dropTable } from './drop-table.ts';
import { killDatabasePod } from './kill-database-pod.ts';
import { killNode } from './kill-node.ts';
import { loseCluster } from './lose-cluster.ts';
import { loseDatabase } from './lose-database.ts';
import { loseEverything } from './lose-everything.ts';
import { loseLibrary } from './lose-library.ts';
import { ransomware } from './ransomware.ts';
import { FakeCluster, InertCluster } from './testing/fake-cluster.ts';
import { fakeWorld, inertWorld } from './testing/fake-world.ts';

const SEED = 7;
const COMPONENTS = ['library', 'database', 'redis'];
const ALL: readonly (readonly [Disaster, readonly string[]])[] = [
  [loseEverything(), COMPONENTS],
  [loseDatabase(), ['database']],
  [loseLibrary(), ['library']],
  [deleteFiles(), ['library']],
  [corruptFiles(), ['library']],
  [dropTable({ table: 'asset_exif' }), ['database']],
  [ransomware(), ['library']],
  [deleteClaims(), COMPONENTS],
  [deleteNamespace(), COMPONENTS],
  [loseCluster(), COMPONENTS],
  [killNode(), COMPONENTS],
  [killDatabasePod(), ['database']],
];

function healthy(): DisasterContext {
  const world = fakeWorld();
  return { world, seed: SEED, cluster: new FakeCluster(world) };
}

function inert(): DisasterContext {
  const world = inertWorld();
  return { world, seed: SEED, cluster: new InertCluster(world) };
}

/** What every disaster must hold to, whatever it destroys. */
describe.each(ALL.map(([disaster, strikes]) => ({ name: disaster.name, disaster, strikes })))(
  '$name',
  ({ disaster, strikes }) => {
    it('says what it strikes of the given components', () => {
      expect(disaster.strikes(COMPONENTS)).toEqual(strikes);
      expect(disaster.strikes([])).toEqual([]);
    });

    it('destroys, and proves the absence of something in every component that it strikes', async () => {
      const context = healthy();
      const struck = await disaster.strike(context);
      expect(struck.length).toBeGreaterThan(0);
      const absences = await disaster.proveGone(context, struck);
      expect(new Set(absences.map(({ component }) => component))).toEqual(new Set(strikes));
      expect(absences.filter(({ gone }) => !gone)).toEqual([]);
    });

    it('leaves components that it does not strike alone', async () => {
      const context = healthy();
      const { world } = context;
      await disaster.strike(context);
      for (const component of COMPONENTS.filter((one) => !strikes.includes(one))) {
        expect(await world.target(component).exists()).toBe(true);
      }
    });

    it('shows that nothing is gone when nothing was destroyed', async () => {
      const context = inert();
      const absences = await disaster.proveGone(context, await disaster.strike(context));
      expect(absences.length).toBeGreaterThan(0);
      expect(absences.filter(({ gone }) => gone)).toEqual([]);
    });

    it('finds nothing gone before it struck, or when the strike named nothing', async () => {
      const context = healthy();
      const absences = await disaster.proveGone(context, []);
      expect(absences.length).toBeGreaterThan(0);
      expect(absences.filter(({ gone }) => gone)).toEqual([]);
    });

    it('strikes the same with the same seed', async () => {
      const struck = () => disaster.strike(healthy());
      expect(await struck()).toEqual(await struck());
    });
  },
);

describe.each(ALL.map(([disaster]) => disaster).filter(({ needs }) => needs?.includes('cluster')))(
  '$name without a cluster',
  (disaster) => {
    it('is refused, and touches nothing', async () => {
      const world = fakeWorld();
      const error = await disaster.strike({ world, seed: SEED }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DrillError);
      expect(error).toMatchObject({ code: 'substrate-cannot', blame: 'usage' });
      for (const component of COMPONENTS) expect(await world.target(component).exists()).toBe(true);
    });
  },
);

it('every disaster of the folder is held to this', async () => {
  const files = (await readdir(import.meta.dirname)).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  expect(files.map((name) => name.slice(0, -3)).toSorted()).toEqual(ALL.map(([{ name }]) => name).toSorted());
});
