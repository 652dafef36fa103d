import { join } from 'node:path';
import type { OwnSabotageReport } from '../../../harness/model/own-sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';

/** Writes `sabotage.json`: everything, for programs. */
export const report: OwnSabotageReport = {
  write: async (result) => [
    await writeAtomically(join(result.folder, 'sabotage.json'), `${JSON.stringify(result, null, 2)}\n`),
  ],
};
