import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { harm, OTHER_BYTES } from './mechanisms/harm.ts';
import { fitsWhen, originalAt, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'original-other-bytes',
  about: 'An original has other bytes in its middle, with its size and time as they were.',
  ruins: 'media',
  advice: 'Leave out `sample`, or make it larger: what it does not restore is judged by its name and size alone.',
  fits: (copy) => fitsWhen(originalsOf(copy).length > 0, 'no original lies in the library'),
  ruin: async (copy) => await harm(copy, copy.media, originalAt(copy, 0.5), OTHER_BYTES),
};

export default sabotage;
