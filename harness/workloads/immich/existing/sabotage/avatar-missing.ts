import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { filesOfKind, fitsWhen } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'avatar-missing',
  about: 'The profile image of a user is not there.',
  ruins: 'media',
  fits: (copy) => fitsWhen(filesOfKind(copy, 'profile').length > 0, 'no user has a profile image'),
  ruin: async (copy) => await copy.media.remove(filesOfKind(copy, 'profile')[0]?.path ?? ''),
};

export default sabotage;
