import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';

const sabotage: OwnSabotage = {
  name: 'dump-missing',
  about: 'The dump is not there.',
  ruins: 'dumps',
  fits: ({ dump }) => dump !== undefined || 'the database is no dump',
  ruin: async (copy) => await copy.dumps.remove(copy.dump?.path ?? ''),
};

export default sabotage;
