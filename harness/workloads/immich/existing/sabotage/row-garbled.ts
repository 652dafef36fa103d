import { editSql, GARBLED_ROW } from '../../../../existing/sabotage/dump/edit-sql.ts';
import type { BackupCopy, OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsSql, tableIn } from './mechanisms/sql.ts';

const sabotage: OwnSabotage = {
  name: 'row-garbled',
  about: 'A row of the dump is rubbish.',
  ruins: 'dumps',
  fits: (copy) => {
    const fits = fitsSql(copy);
    return fits === true ? tableOf(copy) !== undefined || 'the dump has no details of assets' : fits;
  },
  ruin: async (copy) => await editSql(copy, GARBLED_ROW, tableOf(copy)),
};

function tableOf(copy: BackupCopy): string | undefined {
  return tableIn(copy, ['asset_exif', 'exif']);
}

export default sabotage;
