import { CUT_BEFORE_KEYS, editSql } from '../../../../existing/sabotage/dump/edit-sql.ts';
import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsSql } from './mechanisms/sql.ts';

const sabotage: OwnSabotage = {
  name: 'dump-ends-early',
  about: 'The dump has all rows and ends before the first key, and was packed without an error.',
  ruins: 'dumps',
  fits: fitsSql,
  ruin: async (copy) => await editSql(copy, CUT_BEFORE_KEYS),
};

export default sabotage;
