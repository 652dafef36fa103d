import { type PhasePlan, type RunOptions, runPlan } from '../engine/engine.ts';
import { sweep } from '../engine/phases/sweep.ts';
import type { Rehearsal, UpgradeRehearsal } from '../model/drill.ts';
import type { RunResult } from '../model/result.ts';
import { restoreBatched } from './batches/restore-batched.ts';
import { observeFound } from './restore/observe-found.ts';
import { preflightRehearsal, provisionRehearsal } from './restore/preflight-rehearsal.ts';
import { reportAge } from './restore/report-age.ts';
import { restoreFound } from './restore/restore-found.ts';
import { observeUpgraded, preflightUpgrade, upgradeFound } from './restore/upgrade-found.ts';
import { lookAgain } from './restore/watch-places.ts';

const REHEARSAL: PhasePlan<Rehearsal> = {
  type: 'rehearsal',
  untrusted: true,
  work: [
    ['preflight', preflightRehearsal],
    ['sweep', sweep],
    ['provision', provisionRehearsal],
    ['restore', (run, made) => (made.opened.drill.batches ? restoreBatched(run, made) : restoreFound(run, made))],
    ['observe', observeFound],
  ],
  beforeJudging: lookAgain,
  rpo: async (run, made) => reportAge(run, made),
};

const UPGRADE: PhasePlan<UpgradeRehearsal> = {
  type: 'upgrade',
  untrusted: true,
  work: [
    ['preflight', preflightUpgrade],
    ['sweep', sweep],
    ['provision', provisionRehearsal],
    ['restore', restoreFound],
    ['upgrade', upgradeFound],
    ['observe', observeUpgraded],
  ],
  beforeJudging: lookAgain,
  rpo: async (run, made) => reportAge(run, made),
};

/** Restores and judges backups that somebody else has made, from preflight to dispose, as `runDrill` does with its own. */
export async function runRehearsal(rehearsal: Rehearsal, options: RunOptions): Promise<RunResult> {
  return await runPlan(REHEARSAL, rehearsal, options);
}

/** Restores backups that somebody else has made, starts a newer version on them, and judges what that has kept. */
export async function runUpgrade(rehearsal: UpgradeRehearsal, options: RunOptions): Promise<RunResult> {
  return await runPlan(UPGRADE, rehearsal, options);
}
