import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { filesOfKind, fitsWhen } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'sidecar-missing',
  about: 'The XMP file beside an original, with what somebody has written about it, is not there.',
  ruins: 'media',
  fits: (copy) => fitsWhen(filesOfKind(copy, 'sidecar').length > 0, 'no asset has a sidecar'),
  ruin: async (copy) => await copy.media.remove(filesOfKind(copy, 'sidecar')[0]?.path ?? ''),
};

export default sabotage;
