import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { HALF, harm } from './mechanisms/harm.ts';

const sabotage: OwnSabotage = {
  name: 'archive-cut',
  about: 'The archive of the library ends half-way.',
  ruins: 'archives',
  fits: ({ archive }) => archive !== undefined || 'the library lies in no archive',
  ruin: async (copy) => await harm(copy, copy.archives, copy.archive?.path ?? '', HALF),
};

export default sabotage;
