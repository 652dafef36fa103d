import { componentTitle } from '../digest/components.ts';
import { formatMany, formatMoment, formatSeconds } from '../digest/quantities.ts';
import type { Compliance, DrillCompliance } from './compliance.ts';

/** Something that whoever reads the report must not overlook. */
export interface Attention {
  readonly tone: 'bad' | 'doubt';
  readonly text: string;
}

/** What needs attention now, the worst first. */
export function attentionOf(report: Omit<Compliance, 'attention' | 'controls'>): Attention[] {
  const all = [
    ...historyAttention(report),
    ...report.drills.flatMap(lastRun),
    ...report.drills.flatMap(objectives),
    ...report.schedules.flatMap(({ drill, when, due, missed }) =>
      missed.length > 0
        ? [
            bad(
              `${drill}, due every ${when}, did not run ${missed.length} of ${due} times, last ${formatMoment(missed.at(-1) ?? '')}.`,
            ),
          ]
        : [],
    ),
    ...report.drills.flatMap(regressions),
    ...evidenceAttention(report),
  ];
  return all.sort((a, b) => Number(a.tone === 'doubt') - Number(b.tone === 'doubt'));
}

/** The name of a drill, and where it ran when that is not this machine. */
export function drillTitle({ drill, substrate }: Pick<DrillCompliance, 'drill' | 'substrate'>): string {
  return substrate === 'local' ? drill : `${drill} on ${substrate}`;
}

function historyAttention({
  history,
  evidence,
  since,
}: Pick<Compliance, 'history' | 'evidence' | 'since'>): Attention[] {
  const tampered = history.problems.map(({ line, what }) =>
    bad(
      `The history was tampered with${line > 0 ? `, in line ${line}` : ''}: ${what}. Nothing below can be relied on.`,
    ),
  );
  const torn = history.torn.map(({ after, drill }) =>
    doubt(
      `The record after the ${after}th was cut by a kill: what a run${drill ? ` of ${drill}` : ''} came to is not known.`,
    ),
  );
  const none =
    evidence.length === 0 ? [doubt(`No drill has run since ${formatMoment(since)}. Nothing was proved.`)] : [];
  return [...tampered, ...torn, ...none];
}

function lastRun(drill: DrillCompliance): Attention[] {
  const last = drill.runs.at(-1);
  if (!last || last.verdict === 'pass') return [];
  const text = `${drillTitle(drill)}: the last run (${last.run.id}) ${last.verdict === 'fail' ? 'failed' : 'could not verify the backups'}${last.red[0] ? `: ${last.red[0]}` : ''}.`;
  return [last.verdict === 'fail' ? bad(text) : doubt(text)];
}

function objectives(drill: DrillCompliance): Attention[] {
  return (['rto', 'rpo'] as const).flatMap((measure) => {
    const { missed, worstSeconds, objectiveSeconds } = drill[measure];
    const name = measure.toUpperCase();
    return missed === 0
      ? []
      : [
          bad(
            `${drillTitle(drill)}: ${formatMany(missed, 'run')} missed the ${name} of ${formatSeconds(objectiveSeconds)}; the worst took ${formatSeconds(worstSeconds)}.`,
          ),
        ];
  });
}

function regressions(drill: DrillCompliance): Attention[] {
  return drill.trends
    .filter(({ standing }) => standing === 'regression')
    .map(({ measure, component, lastSeconds, medianSeconds, of }) =>
      doubt(
        `${drillTitle(drill)}: the ${measure.toUpperCase()} of ${componentTitle(component)} went up to ${formatSeconds(lastSeconds)}, against a median of ${formatSeconds(medianSeconds)} over the last ${of}.`,
      ),
    );
}

function evidenceAttention({ evidence }: Pick<Compliance, 'evidence'>): Attention[] {
  const changed = evidence.filter((row) => row.evidence === 'changed');
  return changed.map(({ entry }) => bad(`The result of ${entry.run.id} was changed after the run.`));
}

function bad(text: string): Attention {
  return { tone: 'bad', text };
}

function doubt(text: string): Attention {
  return { tone: 'doubt', text };
}
