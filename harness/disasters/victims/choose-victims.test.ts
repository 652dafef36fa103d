import { describe, expect, it } from 'vitest';
import { FakeVolume } from '../testing/fake-volume.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { checkVictimOptions, chooseVictims, type VictimOptions } from './choose-victims.ts';

async function chosen(seed: number, options: VictimOptions): Promise<string[]> {
  return (await chooseVictims(fakeWorld().volume('library'), seed, options)).map(({ path }) => path);
}

describe('chooseVictims', () => {
  it('chooses as many as it is told, from files that would be missed', async () => {
    const all = await chosen(1, { count: 1_000 });
    expect(all).toHaveLength(20);
    expect(all.filter((path) => !/^upload\/\d+\.jpg$/.test(path))).toEqual([]);
    expect(await chosen(1, { count: 3 })).toEqual(all.slice(0, 3));
    expect(await chosen(1, { fraction: 1 })).toHaveLength(20);
  });

  it('chooses by the seed', async () => {
    expect(await chosen(1, { count: 5 })).toEqual(await chosen(1, { count: 5 }));
    expect(await chosen(1, { count: 5 })).not.toEqual(await chosen(2, { count: 5 }));
  });

  it('chooses about the fraction, and at least one file', async () => {
    const half = (await chosen(1, { fraction: 0.5 })).length;
    expect(half).toBeGreaterThan(4);
    expect(half).toBeLessThan(16);
    expect(await chosen(1, { fraction: 1e-12 })).toHaveLength(1);
  });

  it('spares other folders when told so', async () => {
    const all = await chosen(1, { count: 1_000, spare: ['upload'] });
    expect(all.filter((path) => !path.startsWith('thumbs/'))).toEqual([]);
    expect(all).toHaveLength(20);
  });

  it('refuses to strike nothing', async () => {
    const volume = new FakeVolume('empty', { 'upload/.keep': 'marker' });
    await expect(chooseVictims(volume, 1, {})).rejects.toMatchObject({ code: 'disaster-no-victims' });
  });
});

describe('checkVictimOptions', () => {
  it.each([
    { count: 0 },
    { count: 1.5 },
    { fraction: 0 },
    { fraction: 1.1 },
    { fraction: Number.NaN },
    { count: 1, fraction: 1 },
  ])('refuses %j', (options) => {
    expect(() => checkVictimOptions('delete-files', options)).toThrow(
      expect.objectContaining({ code: 'disaster-options', blame: 'usage' }),
    );
  });

  it.each([{}, { count: 1 }, { fraction: 0.1 }])('takes %j', (options) => {
    expect(() => checkVictimOptions('delete-files', options)).not.toThrow();
  });
});
