import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { EMPTY, harm } from './mechanisms/harm.ts';
import { fitsWhen, originalAt, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'original-emptied',
  about: 'An original is empty, with its name and time as they were.',
  ruins: 'media',
  fits: (copy) => fitsWhen(originalsOf(copy).length > 0, 'no original lies in the library'),
  ruin: async (copy) => await harm(copy, copy.media, originalAt(copy, 0.7), EMPTY),
};

export default sabotage;
