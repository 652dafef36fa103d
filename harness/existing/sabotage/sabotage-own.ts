import { join } from 'node:path';
import { sourceUntouched } from '../../checks/source-untouched.ts';
import { type PhasePlan, runPlan } from '../../engine/engine.ts';
import type { Part } from '../../engine/made.ts';
import { sweep } from '../../engine/phases/sweep.ts';
import type { Run } from '../../engine/run.ts';
import { makeRunId } from '../../engine/run-id.ts';
import type { Rehearsal } from '../../model/drill.ts';
import type { OwnSabotageResult } from '../../model/own-sabotage-result.ts';
import type { OwnDrill } from '../configuration/plug-in.ts';
import { preflightRehearsal, provisionRehearsal } from '../restore/preflight-rehearsal.ts';
import { lookAgain } from '../restore/watch-places.ts';
import { composeOwn } from './compose-own.ts';
import { type Found, judgeAll } from './judge-all.ts';
import type { OwnSabotages } from './own-sabotage.ts';
import { type OwnSabotageOptions, SILENT } from './own-sabotage-options.ts';

/**
 * Fetches a copy of a user's backup, once, and drills it as it is and ruined in every way that fits, always as the user has
 * configured the drill. It is one run, whose volumes hold the copies: what it has made goes with it, however it ends, and it
 * says whether the backup itself was left as it was.
 */
export async function sabotageOwn(
  name: string,
  own: OwnDrill,
  sabotages: OwnSabotages,
  options: OwnSabotageOptions,
): Promise<OwnSabotageResult> {
  const startedAt = new Date();
  const id = makeRunId(`sabotage-${name}`);
  const folder = join(options.runsFolder, id);
  const found: Found = { ways: [], leftOut: [], troubles: [] };
  const inFolder = { ...options, runsFolder: folder };
  const work = (run: Run, made: Part<'opened' | 'watched'>) =>
    judgeAll(run, made, { own, sabotages, options: inFolder, found });
  const plan: PhasePlan<Rehearsal> = {
    type: 'rehearsal',
    untrusted: true,
    work: [
      ['preflight', preflightRehearsal],
      ['sweep', sweep],
      ['provision', provisionRehearsal],
      ['restore', work],
    ],
    beforeJudging: lookAgain,
    rpo: async () => ({ seconds: null, objectiveSeconds: null, components: {} }),
  };
  const rehearsal = own.plugIn.rehearsalOf('copy', own.config);
  const { workload } = rehearsal;
  const copying = { ...rehearsal, objectives: {}, checks: [sourceUntouched()], workload: { ...workload, checks: [] } };
  const result = await runPlan(plan, copying, { ...inFolder, keep: 'never', listener: SILENT });
  return composeOwn({ id, drill: name, folder, startedAt, planned: options.ways }, found, result);
}
