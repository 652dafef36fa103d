import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { HALF, harm } from './mechanisms/harm.ts';
import { fitsWhen, originalAt, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'original-truncated',
  about: 'An original ends half-way.',
  ruins: 'media',
  fits: (copy) => fitsWhen(originalsOf(copy).length > 0, 'no original lies in the library'),
  ruin: async (copy) => await harm(copy, copy.media, originalAt(copy, 0.6), HALF),
};

export default sabotage;
