import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { harm, OTHER_BYTES } from './mechanisms/harm.ts';

const sabotage: OwnSabotage = {
  name: 'dump-damaged',
  about: 'The dump has other bytes in its middle.',
  ruins: 'dumps',
  fits: ({ dump }) => (!dump ? 'the database is no dump' : dump.format !== 'directory' || 'the dump is a folder'),
  ruin: async (copy) => await harm(copy, copy.dumps, copy.dump?.path ?? '', OTHER_BYTES),
};

export default sabotage;
