import { formatDuration } from '../../harness/model/duration.ts';
import type { DrillError } from '../../harness/model/error.ts';
import type { Measured } from '../../harness/model/result.ts';
import { componentTitle } from '../digest/components.ts';
import { rpoRows, rtoRows } from '../digest/objectives.ts';
import { formatMany, formatMoment, formatSeconds, isMeasured } from '../digest/quantities.ts';
import type { HistoryEntry } from '../history/entry.ts';
import type { TornLine, VerifiedHistory } from '../history/verify.ts';
import { lastRehearsal, rehearsalOf } from './last-rehearsal.ts';
import { versionCondition } from './version-condition.ts';

/** Clocks of two machines may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 300;

/** What a gate asks for. */
export interface GateDemands {
  readonly drill: string;
  /** Only runs on that substrate count; any when left out. */
  readonly substrate?: string;
  readonly maxAgeSeconds: number;
  readonly rtoSeconds?: number;
  readonly rpoSeconds?: number;
  readonly installedVersion?: string;
  readonly toVersion?: string;
  /** What the results of runs say that the history does not, such as one that was damaged since. */
  readonly doubt?: GateDoubt;
}

/** Why the last record of a drill may not be the last word on it. */
export interface GateDoubt {
  readonly code: string;
  readonly says: string;
}

/** One condition of a gate; `met` is null when it was not asked for. */
export interface GateCondition {
  readonly name: 'history' | 'evidence' | 'run' | 'verdict' | 'age' | 'rto' | 'rpo' | 'version';
  readonly met: boolean | null;
  /** Stable and kebab-case, for programs; empty while it is met. */
  readonly code: string;
  readonly says: string;
}

/** What a gate came to: open only when every condition that was asked for is met. */
export interface GateResult {
  readonly open: boolean;
  /** The code of the first condition that is not met; `open` otherwise. */
  readonly code: string;
  /** One line for people. */
  readonly reason: string;
  readonly drill: string;
  readonly checkedAt: string;
  readonly conditions: readonly GateCondition[];
  /** The run that was judged; null when there is none. */
  readonly run: HistoryEntry | null;
  /** Null when it could not be read. */
  readonly history: { readonly location: string; readonly state: string; readonly records: number } | null;
}

/** Judges whether the last run of a drill allows to go on. Whatever cannot be known keeps the gate shut. */
export function judgeGate(history: VerifiedHistory, demands: GateDemands, now: Date): GateResult {
  const run = lastRun(history, demands);
  const conditions = [
    historyCondition(history, demands, run),
    ...(demands.doubt ? [shut('evidence', demands.doubt.code, demands.doubt.says)] : []),
    ...(run
      ? [...runConditions(run, demands, now), versionCondition(run, demands, history)]
      : [noRun(history, demands)]),
  ];
  const closing = conditions.find(({ met }) => met === false);
  return {
    open: !closing,
    code: closing?.code ?? 'open',
    reason: closing?.says ?? openReason(demands.drill, run, conditions, now),
    drill: demands.drill,
    checkedAt: now.toISOString(),
    conditions,
    run: run ?? null,
    history: { location: history.location, state: history.state, records: history.entries.length },
  };
}

/** The gate when something that it has to know could not be looked at. */
export function unseen(drill: string, error: DrillError, now: Date): GateResult {
  const { code, what } = error;
  return {
    open: false,
    code,
    reason: what,
    drill,
    checkedAt: now.toISOString(),
    conditions: [],
    run: null,
    history: null,
  };
}

/** The last run of the drill, which the gate is about. One of only a part of it counts when it did not pass: it proves nothing of the rest. */
export function lastRun(
  { entries }: Pick<VerifiedHistory, 'entries'>,
  { drill, substrate }: Pick<GateDemands, 'drill' | 'substrate'>,
): HistoryEntry | undefined {
  return entries.findLast(
    (entry) =>
      entry.drill === drill &&
      (substrate === undefined || entry.substrate === substrate) &&
      !(entry.partial && entry.verdict === 'pass'),
  );
}

function historyCondition(history: VerifiedHistory, demands: GateDemands, run?: HistoryEntry): GateCondition {
  const [problem] = history.problems;
  if (problem) {
    const where = problem.line > 0 ? `${history.location}:${problem.line}` : history.location;
    return shut('history', 'history-tampered', `the history was tampered with (${where}: ${problem.what})`);
  }
  // A record that was cut may be that of a run which failed.
  const { drill } = demands;
  const torn =
    history.torn.find((one) => one.after >= (run?.seq ?? 0) && (one.drill ?? drill) === drill) ??
    tornRehearsal(history, demands);
  if (torn) {
    const says = `the record after the ${torn.after}th in ${history.location} was cut when its writer was killed: a run of ${torn.drill ?? drill} may have failed since`;
    return shut('history', 'history-torn', says);
  }
  const says = `${formatMany(history.entries.length, 'record')} in ${history.location}, hash chain intact`;
  return { name: 'history', met: true, code: '', says };
}

/** A record that was cut and that names the rehearsal of the upgrade, with none after it that has the last word. */
function tornRehearsal({ torn, entries }: VerifiedHistory, { drill, toVersion }: GateDemands): TornLine | undefined {
  if (toVersion === undefined) return undefined;
  const since = lastRehearsal(entries, drill, toVersion)?.seq ?? 0;
  return torn.find((one) => one.after >= since && one.drill === rehearsalOf(drill));
}

function noRun({ location }: VerifiedHistory, { drill, substrate }: GateDemands): GateCondition {
  const where = substrate === undefined ? '' : ` on ${substrate}`;
  return shut('run', 'no-run', `no complete run of ${drill}${where} recorded in ${location}`);
}

function runConditions(run: HistoryEntry, demands: GateDemands, now: Date): GateCondition[] {
  return [
    { name: 'run', met: true, code: '', says: `${run.run.id} on ${run.substrate}` },
    verdictCondition(run),
    ageCondition(run, demands, now),
    objectiveCondition('rto', run, demands.rtoSeconds),
    objectiveCondition('rpo', run, demands.rpoSeconds),
  ];
}

function verdictCondition({ drill, run, verdict, outcome, checks, red, partial }: HistoryEntry): GateCondition {
  const first = red[0] ? `: ${red[0]}` : '';
  const what = `the last ${partial ? 'run of a part of' : 'run of'} ${drill} (${run.id})`;
  if (verdict === 'fail') return shut('verdict', 'run-failed', `${what} failed${first}`);
  if (verdict === 'unknown' || outcome !== 'pass' || checks.unknown > 0)
    return shut('verdict', 'run-unknown', `${what} could not verify the backups${first}`);
  if (checks.fail > 0 || checks.pass === 0)
    return shut('verdict', 'run-failed', `${what} says that it passed, over ${checks.fail} failed checks`);
  return { name: 'verdict', met: true, code: '', says: `${formatMany(checks.pass, 'check')} passed` };
}

function ageCondition({ drill, run }: HistoryEntry, { maxAgeSeconds }: GateDemands, now: Date): GateCondition {
  const seconds = (now.getTime() - Date.parse(run.endedAt)) / 1000;
  const allowed = formatDuration(maxAgeSeconds);
  if (seconds < -CLOCK_TOLERANCE_SECONDS)
    return shut(
      'age',
      'run-from-the-future',
      `the last run of ${drill} ends in the future: ${formatMoment(run.endedAt)}`,
    );
  if (!(seconds <= maxAgeSeconds)) {
    const says = `the last run of ${drill} (${run.id}) is ${formatSeconds(seconds)} old, more than ${allowed}`;
    return shut('age', 'run-too-old', says);
  }
  return { name: 'age', met: true, code: '', says: `${formatDuration(Math.max(0, seconds))} old, of ${allowed}` };
}

/** What the gate demands of the whole, and what the drill itself demands of the whole and of every component. */
function objectiveCondition(name: 'rto' | 'rpo', entry: HistoryEntry, wanted: number | undefined): GateCondition {
  const title = name.toUpperCase();
  const whole: Measured = entry[name];
  if (wanted !== undefined && !isMeasured(whole.seconds))
    return shut(name, `${name}-not-measured`, `the ${title} of ${entry.run.id} was not measured`);
  if (wanted !== undefined && (whole.seconds ?? 0) > wanted) {
    const says = `the ${title} of ${entry.run.id} was ${formatSeconds(whole.seconds)}, more than ${formatDuration(wanted)}`;
    return shut(name, `${name}-missed`, says);
  }
  const missed = (name === 'rto' ? rtoRows(entry) : rpoRows(entry)).find(({ standing }) => standing === 'missed');
  if (missed) {
    const says = `the ${title} of ${entry.run.id} for ${componentTitle(missed.component)} was ${formatSeconds(missed.seconds)}, more than its objective ${formatSeconds(missed.objectiveSeconds)}`;
    return shut(name, `${name}-missed`, says);
  }
  const objective = wanted ?? whole.objectiveSeconds;
  if (!isMeasured(objective)) return { name, met: null, code: '', says: `no ${title} was asked for` };
  return { name, met: true, code: '', says: `${formatSeconds(whole.seconds)}, of ${formatDuration(objective)}` };
}

function openReason(
  drill: string,
  run: HistoryEntry | undefined,
  conditions: readonly GateCondition[],
  now: Date,
): string {
  const age = (now.getTime() - Date.parse(run?.run.endedAt ?? '')) / 1000;
  const notAsked = conditions.filter(({ met }) => met === null).map(({ name }) => name);
  const without = notAsked.length > 0 ? `; not asked for: ${notAsked.join(', ')}` : '';
  return `${drill} passed ${formatSeconds(Math.max(0, age))} ago (${run?.run.id}), RTO ${formatSeconds(run?.rto.seconds)}, RPO ${formatSeconds(run?.rpo.seconds)}${without}`;
}

function shut(name: GateCondition['name'], code: string, says: string): GateCondition {
  return { name, met: false, code, says };
}
