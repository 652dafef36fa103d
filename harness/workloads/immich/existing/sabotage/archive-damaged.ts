import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { harm, OTHER_BYTES } from './mechanisms/harm.ts';

const sabotage: OwnSabotage = {
  name: 'archive-damaged',
  about: 'The archive of the library has other bytes in its middle.',
  ruins: 'archives',
  fits: ({ archive }) => archive !== undefined || 'the library lies in no archive',
  ruin: async (copy) => await harm(copy, copy.archives, copy.archive?.path ?? '', OTHER_BYTES),
};

export default sabotage;
