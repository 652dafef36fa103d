import { join } from 'node:path';
import type { SabotageReport } from '../../../harness/model/sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';

/** Writes `sabotage.json`: everything, for programs. */
export const report: SabotageReport = {
  write: async (result) => [
    await writeAtomically(join(result.folder, 'sabotage.json'), `${JSON.stringify(result, null, 2)}\n`),
  ],
};
