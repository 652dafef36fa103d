import type { RunResult } from '../../harness/model/result.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { type ObjectiveRow, RTO_PHASES, rpoRows, rtoRows } from '../digest/objectives.ts';
import { outcomeOf } from '../digest/outcome.ts';
import { isMeasured } from '../digest/quantities.ts';
import type { Gauge, Sample } from './exposition.ts';

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'unknown'];

type Labels = Readonly<Record<string, string>>;

/** The labels that every sample of a drill has. */
export function drillLabels({ drill }: RunResult): Labels {
  return { drill: drill.name, workload: drill.workload.name, substrate: drill.substrate };
}

/** What a run came to, as gauges. */
export function runGauges(result: RunResult): Gauge[] {
  const labels = drillLabels(result);
  const verdict = verdictOf(result);
  const count = (wanted: Verdict) => result.checks.filter((check) => check.verdict === wanted).length;
  return [
    gauge('last_run_timestamp_seconds', 'When the last run of the drill ended, in Unix time.', [
      { labels, value: endedAt(result) },
    ]),
    gauge('run_duration_seconds', 'How long the last run took, seeding and judging included.', [
      { labels, value: result.run.seconds },
    ]),
    gauge('verdict', 'The verdict of the last run: 1 for the one that it came to, otherwise 0.', [
      ...VERDICTS.map((name) => ({ labels: { ...labels, verdict: name }, value: name === verdict ? 1 : 0 })),
    ]),
    gauge('checks', 'How many checks of the last run came to each verdict.', [
      ...VERDICTS.map((name) => ({ labels: { ...labels, verdict: name }, value: count(name) })),
    ]),
    gauge('not_tested', 'How many things the last run did not look at.', [{ labels, value: result.notTested.length }]),
    ...objectiveGauges(
      'rto',
      'From the disaster to the moment when the workload served again',
      rtoRows(result),
      labels,
    ),
    ...objectiveGauges('rpo', 'From the last write that survived to the disaster', rpoRows(result), labels),
  ];
}

/** When the drill last passed; none when it did not. */
export function successGauges(result: RunResult): Gauge[] {
  const samples = outcomeOf(result) === 'pass' ? [{ labels: drillLabels(result), value: endedAt(result) }] : [];
  return [gauge('last_success_timestamp_seconds', 'When the drill last passed, in Unix time.', samples)];
}

function objectiveGauges(name: string, help: string, rows: readonly ObjectiveRow[], labels: Labels): Gauge[] {
  const measured = rows.filter((row) => isMeasured(row.seconds));
  const sample = ({ component }: ObjectiveRow, value: number | null): Sample[] =>
    value === null ? [] : [{ labels: { ...labels, component }, value }];
  const phases = measured.flatMap(({ component, phases }) =>
    RTO_PHASES.flatMap((phase): Sample[] => {
      const value = phases[phase];
      return value === undefined ? [] : [{ labels: { ...labels, component, phase }, value }];
    }),
  );
  return [
    gauge(
      `${name}_seconds`,
      `${help}; component "all" is the whole workload.`,
      measured.flatMap((row) => sample(row, row.seconds)),
    ),
    gauge(`${name}_phase_seconds`, `The parts of the ${name.toUpperCase()}.`, phases),
    gauge(
      `${name}_objective_seconds`,
      `The ${name.toUpperCase()} to be met.`,
      rows.flatMap((row) => sample(row, row.objectiveSeconds)),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Gauge {
  return { name: `restore_drill_${name}`, help, samples };
}

function verdictOf(result: RunResult): Verdict {
  const outcome = outcomeOf(result);
  return outcome === 'pass' || outcome === 'fail' ? outcome : 'unknown';
}

function endedAt(result: RunResult): number {
  return Date.parse(result.run.endedAt) / 1000;
}
