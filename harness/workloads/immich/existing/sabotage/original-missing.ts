import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsWhen, originalAt, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'original-missing',
  about: 'An original is not there.',
  ruins: 'media',
  fits: (copy) => fitsWhen(originalsOf(copy).length > 0, 'no original lies in the library'),
  ruin: async (copy) => await copy.media.remove(originalAt(copy, 0.4)),
};

export default sabotage;
