import { join } from 'node:path';
import type { SabotageReport } from '../../../harness/model/sabotage-result.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { formatScore } from '../grid.ts';

/** Writes `badge.json`, as the endpoint of shields.io reads it: https://shields.io/badges/endpoint-badge */
export const report: SabotageReport = {
  write: async ({ folder, killScore, exitCode }) => {
    const badge = {
      schemaVersion: 1,
      label: 'sabotage caught',
      message: killScore === null ? 'not run' : formatScore(killScore),
      color: exitCode === 0 ? 'brightgreen' : 'red',
    };
    return [await writeAtomically(join(folder, 'badge.json'), `${JSON.stringify(badge)}\n`)];
  },
};
