import { join } from 'node:path';
import type { AnyDrill, Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import type { CheckResult, Phase, RpoReport, RtoReport, RunResult, RunType } from '../model/result.ts';
import type { Secret } from '../model/secret.ts';
import type { Substrate, SubstrateContext } from '../model/substrate.ts';
import { buildEvidence } from './build-evidence.ts';
import { Journal } from './journal.ts';
import { judgeAll } from './judge.ts';
import { type Made, nothingMade, type Part } from './made.ts';
import { reportRpo, reportRto } from './measure-objectives.ts';
import { noteFailure } from './note-failure.ts';
import { backup, writeAfter } from './phases/backup.ts';
import { observe } from './phases/observe.ts';
import { preflight } from './phases/preflight.ts';
import { provision } from './phases/provision.ts';
import { record } from './phases/record.ts';
import { restore } from './phases/restore.ts';
import { seed } from './phases/seed.ts';
import { proveGone, strike } from './phases/strike.ts';
import { sweep } from './phases/sweep.ts';
import { composeResult, failedToJudge, noteEvidenceLost, withoutEvidence } from './result.ts';
import type { Run, RunListener } from './run.ts';
import { RunFolder } from './run-folder.ts';
import { makeRunId } from './run-id.ts';
import { RunLog } from './run-log.ts';
import { Scope } from './scope.ts';
import { SecretStore } from './secret-store.ts';
import { unbreakable } from './unbreakable.ts';

const NO_RTO: RtoReport = {
  seconds: null,
  objectiveSeconds: null,
  phases: { provision: 0, fetch: 0, load: 0, ready: 0 },
  components: {},
};
const NO_RPO: RpoReport = { seconds: null, objectiveSeconds: null, components: {} };

/** When to keep the servers' data and the restored volumes for a look inside. */
export type Keep = 'never' | 'on-failure' | 'always';

/** How to run a drill: everything that the drill itself does not say. */
export interface RunOptions {
  readonly runsFolder: string;
  readonly keep: Keep;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
  /** Of the user: masked in everything that is written. */
  readonly secrets?: readonly Secret[];
  openSubstrate(context: SubstrateContext): Promise<Substrate>;
}

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

async function openRun<D extends AnyDrill>(
  { type, untrusted }: PhasePlan<D>,
  drill: D,
  { runsFolder, openSubstrate, listener, signal, secrets: given = [] }: RunOptions,
): Promise<Run> {
  const id = makeRunId(drill.name);
  const folder = await createFolder(join(runsFolder, id));
  const secrets = new SecretStore();
  for (const secret of given) secrets.add(secret);
  const mask = (text: string) => secrets.mask(text);
  const journal = new Journal(folder.journal, mask);
  const context: SubstrateContext = {
    runId: id,
    logsFolder: folder.logs,
    signal,
    secret: (name) => secrets.secret(name),
    mask,
    note: (event, facts) => journal.write(event, facts),
    ...(untrusted && { untrusted }),
    ...(drill.disaster?.takes && { outlive: drill.disaster.takes }),
    ...(drill.readsFrom && { reads: drill.readsFrom }),
    ...(drill.readsOver && { readsOver: drill.readsOver }),
  };
  journal.write('run', { id, pid: process.pid, drill: drill.name, claim: drill.claim, scale: drill.workload.scale });
  return {
    id,
    type,
    folder,
    journal,
    log: new RunLog(journal),
    secrets,
    signal,
    listener: unbreakable(listener),
    scope: new Scope(),
    openSubstrate: () => openSubstrate(context),
    startedAt: new Date(),
  };
}

async function createFolder(path: string): Promise<RunFolder> {
  try {
    return await RunFolder.create(path);
  } catch (error) {
    throw new DrillError({
      code: 'runs-folder-unwritable',
      where: 'run',
      what: `The folder of the run, ${path}, could not be made: ${error instanceof Error ? error.message : String(error)}.`,
      next: 'set DRILL_RUNS to a folder that you can write to.',
      blame: 'usage',
      cause: error,
    });
  }
}

/** Runs one phase, timed and journalled; an error becomes a failure of the run and gives false. */
async function runPhase(
  run: Run,
  { opened, restored }: Part<'opened' | 'restored'>,
  phase: Phase,
  work: () => Promise<string>,
): Promise<boolean> {
  const { log, journal, listener } = run;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  log.phase = phase;
  log.phases[phase] = { startedAt, endedAt: '' };
  journal.write('phase-started', { phase });
  listener.phaseStarted(phase);
  let ok = true;
  let summary = '';
  try {
    // Undoing and writing down what there is must go on after a Ctrl-C.
    if (phase !== 'collect' && phase !== 'dispose') run.signal.throwIfAborted();
    summary = await work();
  } catch (error) {
    ok = false;
    summary = noteFailure(run, opened, error, { isResumable: restored.isResumable }).message;
  }
  const { trouble } = journal;
  if (trouble) {
    ok = false;
    noteEvidenceLost(run, trouble);
    summary = log.failures.at(-1)?.message ?? summary;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  log.phases[phase] = { startedAt, endedAt: new Date().toISOString() };
  log.timings.push({ phase, name: phase, kind: 'phase', startedAt, seconds, ok });
  journal.write('phase-ended', { phase, seconds, ok, summary });
  listener.phaseEnded(phase, seconds, ok, summary);
  return ok;
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
