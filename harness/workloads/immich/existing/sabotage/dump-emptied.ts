import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { EMPTY, harm } from './mechanisms/harm.ts';

const sabotage: OwnSabotage = {
  name: 'dump-emptied',
  about: 'The dump is a file without a byte in it.',
  ruins: 'dumps',
  fits: ({ dump }) => (!dump ? 'the database is no dump' : dump.format !== 'directory' || 'the dump is a folder'),
  ruin: async (copy) => await harm(copy, copy.dumps, copy.dump?.path ?? '', EMPTY),
};

export default sabotage;
