import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsWhen } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'library-emptied',
  about: 'The library is an empty folder, as that of a disk that was not mounted.',
  ruins: 'media',
  fits: ({ files }) => fitsWhen(files.length > 0, 'the configuration names no library'),
  ruin: async (copy) => {
    await copy.run('find "$1" -mindepth 1 -delete', copy.media.path);
  },
};

export default sabotage;
