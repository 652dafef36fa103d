import type { AnyDrill, Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import type { CheckResult, Phase, RpoReport, RtoReport, RunResult, RunType } from '../model/result.ts';
import type { Substrate } from '../model/substrate.ts';
import { buildEvidence } from './build-evidence.ts';
import { judgeAll } from './judge.ts';
import { type Made, nothingMade } from './made.ts';
import { reportRpo, reportRto } from './measure-objectives.ts';
import { openRun, type RunOptions } from './open-run.ts';
import { backup, writeAfter } from './phases/backup.ts';
import { observe } from './phases/observe.ts';
import { preflight } from './phases/preflight.ts';
import { provision } from './phases/provision.ts';
import { record } from './phases/record.ts';
import { restore } from './phases/restore.ts';
import { seed } from './phases/seed.ts';
import { proveGone, strike } from './phases/strike.ts';
import { sweep } from './phases/sweep.ts';
import { composeResult, failedToJudge, withoutEvidence } from './result.ts';
import type { Run } from './run.ts';
import { runPhase } from './run-phase.ts';

const NO_RTO: RtoReport = {
  seconds: null,
  objectiveSeconds: null,
  phases: { provision: 0, fetch: 0, load: 0, ready: 0 },
  components: {},
};
const NO_RPO: RpoReport = { seconds: null, objectiveSeconds: null, components: {} };

export type { Keep, RunOptions } from './open-run.ts';

/** The phases of one kind of drill that do its work, in their order, and how much was lost by what they found. */
export interface PhasePlan<D extends AnyDrill> {
  readonly type: RunType;
  /** The backups are somebody else's. */
  readonly untrusted?: boolean;
  readonly work: readonly (readonly [Phase, (run: Run, made: Made<D>) => Promise<string>])[];
  /** What has to be looked at last, when all work is done: the first part of judging. */
  beforeJudging?(run: Run, made: Made<D>): Promise<void>;
  rpo(run: Run, made: Made<D>): Promise<RpoReport>;
}

const DRILL: PhasePlan<Drill> = {
  type: 'drill',
  work: [
    ['preflight', preflight],
    ['sweep', sweep],
    ['provision', provision],
    ['seed', seed],
    ['record', record],
    ['backup', backup],
    ['write-after', writeAfter],
    ['strike', strike],
    ['prove-gone', proveGone],
    ['restore', restore],
    ['observe', observe],
  ],
  rpo: reportRpo,
};

/** Runs a synthetic drill from preflight to dispose. */
export async function runDrill(drill: Drill, options: RunOptions): Promise<RunResult> {
  return await runPlan(DRILL, drill, options);
}

/** Runs a drill of any kind by its plan. It always gives a result: errors end up in it, never beside it. */
export async function runPlan<D extends AnyDrill>(
  plan: PhasePlan<D>,
  drill: D,
  options: RunOptions,
): Promise<RunResult> {
  const run = await openRun(plan, drill, options);
  using _journal = run.journal;
  const made = nothingMade(drill);
  const phase = (name: Phase, work: () => Promise<string>) => runPhase(run, made, name, work);
  for (const [name, work] of plan.work) if (!(await phase(name, () => work(run, made)))) break;
  const rto = await measured(run, async () => reportRto(run, made), NO_RTO);
  const rpo = await measured(run, () => plan.rpo(run, made), NO_RPO);
  let checks: CheckResult[] = [];
  // Whoever interrupts a phase that ends all the same has interrupted the run: it says so before it judges.
  if (!run.log.failures.some(({ verdict }) => verdict === 'interrupted'))
    await phase('judge', async () => {
      await plan.beforeJudging?.(run, made);
      checks = await judgeAll(run, made.opened.drill, buildEvidence(run, made, rto, rpo));
      return `${checks.length} checks`;
    });
  let kept: readonly string[] = [];
  await phase('collect', async () => {
    const { substrate } = made.opened;
    const bad = run.log.failures.length > 0 || checks.some(({ verdict }) => verdict !== 'pass');
    const logs = bad && !run.signal.aborted ? await exportLogs(run, substrate) : [];
    if (options.keep === 'always' || (options.keep === 'on-failure' && bad)) kept = (await substrate?.keep()) ?? [];
    return logs.length === 0 ? run.folder.path : `${run.folder.path}, with ${logs.length} logs of the cluster`;
  });
  await phase('dispose', () => dispose(run));
  brokenOff(run);
  excuseHarness(run);
  const result = composeResult(run, made, { checks, rto, rpo, kept });
  run.journal.write('result', { verdict: result.verdict, exitCode: result.exitCode });
  const { trouble } = run.journal;
  return trouble && result.exitCode === 0 ? withoutEvidence(result, trouble) : result;
}

/** What cannot be measured is not known, and no reason to leave anything running. */
async function measured<T>(run: Run, work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    failedToJudge(run, 'judge', error);
    return otherwise;
  }
}

/** What the harness stumbles over where its own folder is gone is no fault of its own. */
function excuseHarness({ journal, log: { failures } }: Run): void {
  if (!journal.trouble) return;
  const excused = failures.map((one) => (one.verdict === 'harness' ? { ...one, verdict: 'unknown' as const } : one));
  failures.splice(0, failures.length, ...excused);
}

/** A run that was broken off for a reason of its own was not interrupted by anybody. */
function brokenOff(run: Run): void {
  const { signal, log } = run;
  const reason: unknown = signal.reason;
  if (!signal.aborted || !(reason instanceof DrillError)) return;
  const others = log.failures.filter(({ verdict }) => verdict !== 'interrupted');
  const phase = log.failures.find(({ verdict }) => verdict === 'interrupted')?.phase ?? log.phase;
  log.failures.splice(0, log.failures.length, ...others);
  failedToJudge(run, phase, reason);
}

/** Logs that could not be had are no failure of their own: what they would have explained is one already. */
async function exportLogs({ journal }: Run, substrate: Substrate | undefined): Promise<readonly string[]> {
  try {
    const logs = (await substrate?.exportLogs?.()) ?? [];
    if (logs.length > 0) journal.write('logs-exported', { logs });
    return logs;
  } catch (error) {
    journal.write('logs-not-exported', { why: error instanceof Error ? error.message : String(error) });
    return [];
  }
}

async function dispose(run: Run): Promise<string> {
  const errors = await run.scope.dispose();
  for (const error of errors) failedToJudge(run, 'dispose', error);
  return errors.length === 0
    ? 'everything that was started is gone'
    : `${errors.length} things could not be disposed of`;
}
