import { editSql, withoutStatement } from '../../../../existing/sabotage/dump/edit-sql.ts';
import type { Statement } from '../../../../existing/sabotage/dump/survey-sql.ts';
import type { BackupCopy, OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsSql } from './mechanisms/sql.ts';

const WORDS: Readonly<Record<Statement, string>> = {
  index: 'An index',
  'primary-key': 'The primary key of a table',
  'foreign-key': 'A foreign key',
  trigger: 'A trigger',
};

/** One statement is gone, and the dump is whole in all else: one way a sort. */
const sabotages: readonly OwnSabotage[] = (Object.keys(WORDS) as Statement[]).map((statement) => ({
  name: `statement-lost-${statement}`,
  about: `${WORDS[statement]} is not in the dump.`,
  ruins: 'dumps',
  fits: (copy) => fitsStatement(copy, statement),
  ruin: async (copy) => await editSql(copy, withoutStatement(statement)),
}));

function fitsStatement(copy: BackupCopy, statement: Statement): true | string {
  const fits = fitsSql(copy);
  if (fits !== true) return fits;
  return (copy.dump?.sql?.statements[statement] ?? 0) > 0 || 'the dump makes none';
}

export default sabotages;
