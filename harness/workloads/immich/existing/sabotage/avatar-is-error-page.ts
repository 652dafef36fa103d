import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { ERROR_PAGE, harm } from './mechanisms/harm.ts';
import { filesOfKind, fitsWhen } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'avatar-is-error-page',
  about: 'In the place of the profile image of a user lies what a proxy answered.',
  ruins: 'media',
  advice: 'Make `images` as large as the number of images: only those that are decoded are known to be images.',
  fits: (copy) => fitsWhen(filesOfKind(copy, 'profile').length > 0, 'no user has a profile image'),
  ruin: async (copy) => await harm(copy, copy.media, filesOfKind(copy, 'profile')[0]?.path ?? '', ERROR_PAGE),
};

export default sabotage;
