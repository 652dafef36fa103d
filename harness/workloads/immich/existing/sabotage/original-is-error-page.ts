import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { ERROR_PAGE, harm } from './mechanisms/harm.ts';
import { fitsWhen, originalAt, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'original-is-error-page',
  about: 'In the place of an original lies what a proxy answered.',
  ruins: 'media',
  fits: (copy) => fitsWhen(originalsOf(copy).length > 0, 'no original lies in the library'),
  ruin: async (copy) => await harm(copy, copy.media, originalAt(copy, 0.8), ERROR_PAGE),
};

export default sabotage;
