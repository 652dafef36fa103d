import { join } from 'node:path';
import type { AnyDrill, Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import {
  type CheckResult,
  PHASES,
  type Phase,
  type RpoReport,
  type RtoReport,
  type RunResult,
  type RunType,
} from '../model/result.ts';
import type { Secret } from '../model/secret.ts';
import type { Substrate, SubstrateContext } from '../model/substrate.ts';
import { buildEvidence } from './build-evidence.ts';
import { describeFailure } from './failure.ts';
import { Journal } from './journal.ts';
import { judgeAll } from './judge.ts';
import { reportRpo, reportRto } from './measure-objectives.ts';
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
import { RunFolder } from './run-folder.ts';
import { makeRunId } from './run-id.ts';
import type { AnyRunState, RunListener, RunState } from './run-state.ts';
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
  readonly work: readonly (readonly [Phase, (state: RunState<D>) => Promise<string>])[];
  /** What has to be looked at last, when all work is done: the first part of judging. */
  beforeJudging?(state: RunState<D>): Promise<void>;
  rpo(state: RunState<D>): Promise<RpoReport>;
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
  const state = await openRun(plan, drill, options);
  using _journal = state.journal;
  for (const [phase, work] of plan.work) if (!(await runPhase(state, phase, () => work(state)))) break;
  const rto = await measured(state, async () => reportRto(state), NO_RTO);
  const rpo = await measured(state, () => plan.rpo(state), NO_RPO);
  let checks: CheckResult[] = [];
  if (!state.signal.aborted)
    await runPhase(state, 'judge', async () => {
      await plan.beforeJudging?.(state);
      checks = await judgeAll(state, buildEvidence(state, rto, rpo));
      return `${checks.length} checks`;
    });
  let kept: readonly string[] = [];
  await runPhase(state, 'collect', async () => {
    const bad = state.failures.length > 0 || checks.some(({ verdict }) => verdict !== 'pass');
    const logs = bad && !state.signal.aborted ? await exportLogs(state) : [];
    if (options.keep === 'always' || (options.keep === 'on-failure' && bad))
      kept = (await state.substrate?.keep()) ?? [];
    return logs.length === 0 ? state.folder.path : `${state.folder.path}, with ${logs.length} logs of the cluster`;
  });
  await runPhase(state, 'dispose', () => dispose(state));
  brokenOff(state);
  excuseHarness(state);
  const result = composeResult(state, { checks, rto, rpo, kept });
  state.journal.write('result', { verdict: result.verdict, exitCode: result.exitCode });
  const { trouble } = state.journal;
  return trouble && result.exitCode === 0 ? withoutEvidence(result, trouble) : result;
}

/** What cannot be measured is not known, and no reason to leave anything running. */
async function measured<T>(state: AnyRunState, work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    failedToJudge(state, 'judge', error);
    return otherwise;
  }
}

/** What the harness stumbles over where its own folder is gone is no fault of its own. */
function excuseHarness({ journal, failures }: AnyRunState): void {
  if (!journal.trouble) return;
  const excused = failures.map((one) => (one.verdict === 'harness' ? { ...one, verdict: 'unknown' as const } : one));
  failures.splice(0, failures.length, ...excused);
}

/** A run that was broken off for a reason of its own was not interrupted by anybody. */
function brokenOff(state: AnyRunState): void {
  const reason: unknown = state.signal.reason;
  if (!state.signal.aborted || !(reason instanceof DrillError)) return;
  const others = state.failures.filter(({ verdict }) => verdict !== 'interrupted');
  const phase = state.failures.find(({ verdict }) => verdict === 'interrupted')?.phase ?? state.phase;
  state.failures.splice(0, state.failures.length, ...others);
  failedToJudge(state, phase, reason);
}

async function openRun<D extends AnyDrill>(
  { type, untrusted }: PhasePlan<D>,
  drill: D,
  { runsFolder, openSubstrate, listener, signal, secrets: given = [] }: RunOptions,
): Promise<RunState<D>> {
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
    drill,
    folder,
    journal,
    secrets,
    signal,
    listener: unbreakable(listener),
    scope: new Scope(),
    openSubstrate: () => openSubstrate(context),
    startedAt: new Date(),
    timings: [],
    failures: [],
    notTested: [],
    phases: {},
    phase: PHASES[0],
    facts: {},
    receipts: [],
    struck: [],
    absences: [],
    identities: [],
    tableKeys: new Map(),
    halfRestored: [],
    kept: new Map(),
    wholeAgain: false,
    componentRto: {},
    readySeconds: null,
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
async function runPhase(state: AnyRunState, phase: Phase, work: () => Promise<string>): Promise<boolean> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  state.phase = phase;
  state.phases[phase] = { startedAt, endedAt: '' };
  state.journal.write('phase-started', { phase });
  state.listener.phaseStarted(phase);
  let ok = true;
  let summary = '';
  try {
    // Undoing and writing down what there is must go on after a Ctrl-C.
    if (phase !== 'collect' && phase !== 'dispose') state.signal.throwIfAborted();
    summary = await work();
  } catch (error) {
    ok = false;
    const casualties = state.substrate?.casualties() ?? [];
    const failure = describeFailure(error, {
      ...{ phase, casualties, interrupted: state.signal.aborted },
      ...(state.resumable && { resumable: state.id }),
    });
    state.failures.push(failure);
    state.journal.write('failure', { failure });
    summary = failure.message;
  }
  const { trouble } = state.journal;
  if (trouble) {
    ok = false;
    noteEvidenceLost(state, trouble);
    summary = state.failures.at(-1)?.message ?? summary;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  state.phases[phase] = { startedAt, endedAt: new Date().toISOString() };
  state.timings.push({ phase, name: phase, kind: 'phase', startedAt, seconds, ok });
  state.journal.write('phase-ended', { phase, seconds, ok, summary });
  state.listener.phaseEnded(phase, seconds, ok, summary);
  return ok;
}

/** Logs that could not be had are no failure of their own: what they would have explained is one already. */
async function exportLogs({ substrate, journal }: AnyRunState): Promise<readonly string[]> {
  try {
    const logs = (await substrate?.exportLogs?.()) ?? [];
    if (logs.length > 0) journal.write('logs-exported', { logs });
    return logs;
  } catch (error) {
    journal.write('logs-not-exported', { why: error instanceof Error ? error.message : String(error) });
    return [];
  }
}

async function dispose(state: AnyRunState): Promise<string> {
  const errors = await state.scope.dispose();
  for (const error of errors) failedToJudge(state, 'dispose', error);
  return errors.length === 0
    ? 'everything that was started is gone'
    : `${errors.length} things could not be disposed of`;
}
