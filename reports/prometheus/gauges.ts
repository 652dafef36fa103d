import type { Verdict } from '../../harness/model/verdict.ts';
import { type ObjectiveRow, RTO_PHASES, rpoRows, rtoRows } from '../digest/objectives.ts';
import { isMeasured } from '../digest/quantities.ts';
import type { RunSummary } from '../history/run-summary.ts';
import type { Gauge, Sample } from './exposition.ts';

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'unknown'];

type Labels = Readonly<Record<string, string>>;

/** The labels that every sample of a drill has. */
export function drillLabels({
  drill,
  workload,
  substrate,
}: Pick<RunSummary, 'drill' | 'workload' | 'substrate'>): Labels {
  return { drill, workload: workload.name, substrate };
}

/** What a run came to, as gauges. */
export function runGauges(run: RunSummary): Gauge[] {
  const labels = drillLabels(run);
  return [
    gauge('last_run_timestamp_seconds', 'When the last run of the drill ended, in Unix time.', [
      { labels, value: endedAt(run) },
    ]),
    gauge('run_duration_seconds', 'How long the last run took, seeding and judging included.', [
      { labels, value: run.run.seconds },
    ]),
    gauge('verdict', 'The verdict of the last run: 1 for the one that it came to, otherwise 0.', [
      ...VERDICTS.map((name) => ({ labels: { ...labels, verdict: name }, value: name === run.verdict ? 1 : 0 })),
    ]),
    gauge('checks', 'How many checks of the last run came to each verdict.', [
      ...VERDICTS.map((name) => ({ labels: { ...labels, verdict: name }, value: run.checks[name] })),
    ]),
    gauge('not_tested', 'How many things the last run did not look at.', [{ labels, value: run.notTested }]),
    gauge(
      'assets_verified',
      'How many assets the last run compared, rows and bytes, and found right.',
      run.assetsVerified === null ? [] : [{ labels, value: run.assetsVerified }],
    ),
    gauge(
      'backup_timestamp_seconds',
      'When the backup that the last run restored was made, in Unix time.',
      backupSamples(run, labels),
    ),
    ...objectiveGauges('rto', 'From the disaster to the moment when the workload served again', rtoRows(run), labels),
    ...objectiveGauges('rpo', 'From the last write that survived to the disaster', rpoRows(run), labels),
  ];
}

/** When the drill last passed; none when it did not. */
export function successGauges(run: RunSummary): Gauge[] {
  return [successGauge(run.verdict === 'pass' ? [{ labels: drillLabels(run), value: endedAt(run) }] : [])];
}

/** The gauge of the last success, of one drill or of several. */
export function successGauge(samples: readonly Sample[]): Gauge {
  return gauge('last_success_timestamp_seconds', 'When the drill last passed, in Unix time.', samples);
}

/** When a run ended, in Unix time. */
export function endedAt({ run }: RunSummary): number {
  return Date.parse(run.endedAt) / 1000;
}

/** A component has the newest of its backups, of which a drill may make several. */
function backupSamples({ backups }: RunSummary, labels: Labels): Sample[] {
  const newest = new Map<string, number>();
  for (const { component, endedAt } of backups)
    newest.set(component, Math.max(newest.get(component) ?? 0, Date.parse(endedAt) / 1000));
  return [...newest].map(([component, value]) => ({ labels: { ...labels, component }, value }));
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
