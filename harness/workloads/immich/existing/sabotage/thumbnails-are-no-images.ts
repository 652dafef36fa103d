import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsWhen, thumbnailsOf } from './mechanisms/victims.ts';

const RUIN = `find "$1" -type f ! -name .immich -exec sh -c '
for file; do at=$(stat -c %.9Y "$file"); head -c 900 /dev/zero >"$file"; touch -d "@$at" "$file"; done' sh '{}' +`;

const sabotage: OwnSabotage = {
  name: 'thumbnails-are-no-images',
  about: 'Thumbnails and previews are files of zeros.',
  ruins: 'media',
  advice: 'Make `images`, the number of images that are decoded, larger, and `sample`, of which only they are taken.',
  fits: (copy) => fitsWhen(thumbnailsOf(copy).length > 0, 'the library holds no thumbnails'),
  ruin: async (copy) => {
    await copy.run(RUIN, `${copy.media.path}/thumbs`);
  },
};

export default sabotage;
