import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Disaster } from '../model/disaster.ts';
import { corruptFiles } from './corrupt-files.ts';
import { deleteFiles } from './delete-files.ts';
import { dropTable } from './drop-table.ts';
import { loseDatabase } from './lose-database.ts';
import { loseEverything } from './lose-everything.ts';
import { loseLibrary } from './lose-library.ts';
import { ransomware } from './ransomware.ts';
import { fakeWorld, inertWorld } from './testing/fake-world.ts';

const SEED = 7;
const COMPONENTS = ['library', 'database', 'redis'];
const ALL: readonly (readonly [Disaster, readonly string[]])[] = [
  [loseEverything(), COMPONENTS],
  [loseDatabase(), ['database']],
  [loseLibrary(), ['library']],
  [deleteFiles(), ['library']],
  [corruptFiles(), ['library']],
  [dropTable(), ['database']],
  [ransomware(), ['library']],
];

/** What every disaster must hold to, whatever it destroys. */
describe.each(ALL.map(([disaster, strikes]) => ({ name: disaster.name, disaster, strikes })))(
  '$name',
  ({ disaster, strikes }) => {
    it('says what it strikes of the given components', () => {
      expect(disaster.strikes(COMPONENTS)).toEqual(strikes);
      expect(disaster.strikes([])).toEqual([]);
    });

    it('destroys, and proves the absence of something in every component that it strikes', async () => {
      const context = { world: fakeWorld(), seed: SEED };
      const struck = await disaster.strike(context);
      expect(struck.length).toBeGreaterThan(0);
      const absences = await disaster.proveGone(context, struck);
      expect(new Set(absences.map(({ component }) => component))).toEqual(new Set(strikes));
      expect(absences.filter(({ gone }) => !gone)).toEqual([]);
    });

    it('leaves components that it does not strike alone', async () => {
      const world = fakeWorld();
      await disaster.strike({ world, seed: SEED });
      for (const component of COMPONENTS.filter((one) => !strikes.includes(one))) {
        expect(await world.target(component).exists()).toBe(true);
      }
    });

    it('shows that nothing is gone when nothing was destroyed', async () => {
      const context = { world: inertWorld(), seed: SEED };
      const absences = await disaster.proveGone(context, await disaster.strike(context));
      expect(absences.length).toBeGreaterThan(0);
      expect(absences.filter(({ gone }) => gone)).toEqual([]);
    });

    it('finds nothing gone before it struck, or when the strike named nothing', async () => {
      const context = { world: fakeWorld(), seed: SEED };
      const absences = await disaster.proveGone(context, []);
      expect(absences.length).toBeGreaterThan(0);
      expect(absences.filter(({ gone }) => gone)).toEqual([]);
    });

    it('strikes the same with the same seed', async () => {
      const struck = () => disaster.strike({ world: fakeWorld(), seed: SEED });
      expect(await struck()).toEqual(await struck());
    });
  },
);

it('every disaster of the folder is held to this', async () => {
  const files = (await readdir(import.meta.dirname)).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  expect(files.map((name) => name.slice(0, -3)).toSorted()).toEqual(ALL.map(([{ name }]) => name).toSorted());
});
