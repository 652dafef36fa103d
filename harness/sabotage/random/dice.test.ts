import { expect, it } from 'vitest';
import { Dice } from './dice.ts';

it('gives the same numbers for the same seed, others for another, all of them within the limit', () => {
  const rolls = (seed: number) => {
    const dice = new Dice(seed);
    return Array.from({ length: 1_000 }, () => dice.below(10));
  };
  expect(rolls(1)).toEqual(rolls(1));
  expect(rolls(1)).not.toEqual(rolls(2));
  expect([...new Set(rolls(1))].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
