import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { harm } from './mechanisms/harm.ts';

/** Every digest in the list begins with another digit. */
const OTHER_DIGESTS = 'sed -i -E "s/^0/1/; t; s/^[0-9a-f]/0/" "$1"';

const sabotage: OwnSabotage = {
  name: 'checksum-wrong',
  about: 'The checksum beside the archive is that of another one.',
  ruins: 'archives',
  fits: ({ archive }) => archive?.sums !== undefined || 'there is no list of checksums',
  ruin: async (copy) => await harm(copy, copy.archives, copy.archive?.sums ?? '', OTHER_DIGESTS),
};

export default sabotage;
