import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { HALF, harm } from './mechanisms/harm.ts';

const sabotage: OwnSabotage = {
  name: 'dump-cut',
  about: 'The dump ends half-way, as after a full disk.',
  ruins: 'dumps',
  fits: ({ dump }) => (!dump ? 'the database is no dump' : dump.format !== 'directory' || 'the dump is a folder'),
  ruin: async (copy) => await harm(copy, copy.dumps, copy.dump?.path ?? '', HALF),
};

export default sabotage;
