import type { Verdict } from '../../harness/model/verdict.ts';
import { type ObjectiveRow, rpoRows, rtoRows } from '../digest/objectives.ts';
import type { HistoryEntry } from '../history/entry.ts';
import type { VerifiedHistory } from '../history/verify.ts';
import { type Attention, attentionOf } from './attention.ts';
import { type Control, controlsOf } from './controls.ts';
import { judgeSchedule, type Schedule, type ScheduleReport } from './schedule.ts';
import { type Tally, tallyOf } from './statistics.ts';
import { type TrendRow, trendsOf } from './trend.ts';

/** Whether the result that a record speaks of is still there, and still the same. */
export type EvidenceState = 'unchanged' | 'changed' | 'not here' | 'never written';

/** A component of a drill in a month. */
export interface MonthRow {
  /** `2026-03`, in UTC. */
  readonly month: string;
  readonly component: string;
  readonly runs: number;
  readonly rto: Tally;
  readonly rpo: Tally;
}

/** A drill on one substrate over the whole time. Runs of a part are counted apart. */
export interface DrillCompliance {
  readonly drill: string;
  readonly substrate: string;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly parts: number;
  readonly rto: Tally;
  readonly rpo: Tally;
  readonly months: readonly MonthRow[];
  readonly trends: readonly TrendRow[];
  readonly runs: readonly HistoryEntry[];
}

/** A run, and where its evidence is. */
export interface EvidenceRow {
  readonly entry: HistoryEntry;
  readonly evidence: EvidenceState;
}

/** Everything that the reports for auditors say, whatever their format. */
export interface Compliance {
  readonly madeAt: string;
  readonly since: string;
  readonly until: string;
  /** The first record of all; null when there is none. What was before it nobody knows. */
  readonly beginsAt: string | null;
  readonly history: Omit<VerifiedHistory, 'entries'> & { readonly records: number };
  readonly attention: readonly Attention[];
  readonly drills: readonly DrillCompliance[];
  readonly schedules: readonly ScheduleReport[];
  readonly controls: readonly Control[];
  readonly evidence: readonly EvidenceRow[];
}

/** What to report on. */
export interface ComplianceDemands {
  readonly since: Date;
  readonly until: Date;
  readonly schedules: readonly Schedule[];
  readonly evidenceOf: (entry: HistoryEntry) => EvidenceState;
}

/** Reads a history as an auditor does. */
export function complianceOf(history: VerifiedHistory, demands: ComplianceDemands): Compliance {
  const { since, until } = demands;
  const { entries, ...rest } = history;
  const within = entries.filter(({ run }) => {
    const ended = Date.parse(run.endedAt);
    return ended >= since.getTime() && ended <= until.getTime();
  });
  const groups = Map.groupBy(within, ({ drill, substrate }) => JSON.stringify([drill, substrate]));
  const drills = [...groups.values()].map(drillCompliance);
  const beginsAt = entries[0]?.run.startedAt ?? null;
  const report = {
    madeAt: until.toISOString(),
    since: since.toISOString(),
    until: until.toISOString(),
    beginsAt,
    history: { ...rest, records: entries.length },
    drills: drills.sort((a, b) => a.drill.localeCompare(b.drill) || a.substrate.localeCompare(b.substrate)),
    schedules: demands.schedules.map((schedule) => scheduleOf(schedule, entries, demands)),
    evidence: within.map((entry) => ({ entry, evidence: demands.evidenceOf(entry) })),
  };
  return { ...report, attention: attentionOf(report), controls: controlsOf(report) };
}

function drillCompliance(runs: readonly HistoryEntry[]): DrillCompliance {
  const [first] = runs;
  const full = runs.filter(({ partial }) => !partial);
  const count = (wanted: Verdict) => full.filter(({ verdict }) => verdict === wanted).length;
  return {
    drill: first?.drill ?? '',
    substrate: first?.substrate ?? '',
    verdicts: { pass: count('pass'), fail: count('fail'), unknown: count('unknown') },
    parts: runs.length - full.length,
    rto: tallyOf(full.flatMap((entry) => rtoRows(entry).slice(0, 1))),
    rpo: tallyOf(full.flatMap((entry) => rpoRows(entry).slice(0, 1))),
    months: [...Map.groupBy(full, ({ run }) => run.endedAt.slice(0, 7))].flatMap(([month, own]) =>
      monthRows(month, own),
    ),
    trends: trendsOf(runs),
    runs: full,
  };
}

function monthRows(month: string, runs: readonly HistoryEntry[]): MonthRow[] {
  const rto = Map.groupBy(runs.flatMap(rtoRows), ({ component }) => component);
  const rpo = Map.groupBy(runs.flatMap(rpoRows), ({ component }) => component);
  return [...new Set([...rto.keys(), ...rpo.keys()])].map((component) => ({
    month,
    component,
    runs: Math.max(sizeOf(rto, component), sizeOf(rpo, component)),
    rto: tallyOf(rto.get(component) ?? []),
    rpo: tallyOf(rpo.get(component) ?? []),
  }));
}

function sizeOf(groups: ReadonlyMap<string, readonly ObjectiveRow[]>, component: string): number {
  return groups.get(component)?.length ?? 0;
}

/** A drill is held to its schedule from its first run on; one that never ran, from the beginning of the time. */
function scheduleOf(schedule: Schedule, entries: readonly HistoryEntry[], { since, until }: ComplianceDemands) {
  const began = entries
    .filter(({ drill, partial }) => drill === schedule.drill && !partial)
    .map(({ run }) => new Date(run.startedAt));
  const first = began[0]?.getTime() ?? since.getTime();
  return judgeSchedule(schedule, began, new Date(Math.max(first, since.getTime())), until);
}
