import { componentTitle } from '../digest/components.ts';
import type { Cell, Tone } from '../digest/page.ts';
import { formatCount, formatMoment, formatSeconds } from '../digest/quantities.ts';
import { drillTitle } from './attention.ts';
import type { Compliance, DrillCompliance, EvidenceState } from './compliance.ts';
import type { Tally } from './statistics.ts';
import type { TrendRow } from './trend.ts';

/** A cell that may lead somewhere. */
export type LinkedCell = Cell & { readonly href?: string };

/** A table of the report, with a sentence above it. */
export interface ComplianceTable {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly LinkedCell[])[];
}

/** Where a reader of the report finds a run; undefined when it is not there. */
export type LinkTo = (row: Compliance['evidence'][number]) => string | undefined;

const TALLY_COLUMNS = ['RTO median', 'RTO worst', 'RTO met', 'RPO median', 'RPO worst', 'RPO met'];
const DATES_SHOWN = 8;
const TONES = { pass: 'good', fail: 'bad', unknown: 'doubt' } as const;
const EVIDENCE: Readonly<Record<EvidenceState, Tone | undefined>> = {
  unchanged: 'good',
  changed: 'bad',
  'not here': undefined,
  'never written': 'doubt',
};
const TREND: Readonly<Record<TrendRow['standing'], Tone | undefined>> = {
  regression: 'doubt',
  improvement: 'good',
  steady: 'good',
  'too few runs': undefined,
};

/** All drills at a glance. */
export function overviewTable({ drills }: Compliance): ComplianceTable {
  const rows = drills.map((drill) => {
    const last = drill.runs.at(-1);
    const { pass, fail, unknown } = drill.verdicts;
    return [
      text(drillTitle(drill)),
      last ? toned(last.verdict, TONES[last.verdict]) : text('only parts'),
      text(last ? minuteOf(last.run.endedAt) : ''),
      number(formatCount(pass)),
      number(formatCount(fail)),
      number(formatCount(unknown)),
      ...tallyCells(drill.rto, drill.rpo),
    ];
  });
  const columns = ['Drill', 'Last run', 'Ended', 'Passed', 'Failed', 'Unknown', ...TALLY_COLUMNS];
  const note = 'RTO and RPO are overall ones; a time that was not measured meets no objective. Times are in UTC.';
  return { id: 'overview', title: 'Drills', note, columns, rows };
}

/** RTO and RPO of a drill by month and component. */
export function monthsTable(drill: DrillCompliance): ComplianceTable {
  const rows = drill.months.map(({ month, component, runs, rto, rpo }) => [
    text(month),
    text(componentTitle(component)),
    number(formatCount(runs)),
    ...tallyCells(rto, rpo),
  ]);
  const parts = drill.parts > 0 ? `${formatCount(drill.parts)} runs of only a part are not counted.` : '';
  const columns = ['Month', 'Component', 'Runs', ...TALLY_COLUMNS];
  return { id: 'months', title: 'By month and component', note: parts, columns, rows };
}

/** What was due, and what did not run. */
export function scheduleTable({ schedules }: Compliance): ComplianceTable {
  const rows = schedules.map(({ drill, when, due, missed }) => [
    text(drill),
    text(when),
    number(formatCount(due)),
    missed.length === 0 ? toned('none', 'good') : toned(formatCount(missed.length), 'bad'),
    text(dates(missed)),
  ]);
  const note =
    rows.length === 0
      ? 'No schedule was given (--schedule, --schedules), so that a drill that did not run does not show here.'
      : 'From the first run on; a drill that never ran, from the beginning of the report. Times are in UTC.';
  return {
    id: 'schedule',
    title: 'Drills against their schedule',
    note,
    columns: ['Drill', 'Every', 'Due', 'Missed', 'When'],
    rows,
  };
}

/** The last run against the ones before it. */
export function trendTable({ drills }: Compliance): ComplianceTable {
  const rows = drills.flatMap((drill) =>
    drill.trends.map(({ measure, component, lastSeconds, medianSeconds, of, standing }) => {
      const tone = TREND[standing];
      return [
        text(drillTitle(drill)),
        text(`${measure.toUpperCase()}, ${componentTitle(component)}`),
        number(formatSeconds(lastSeconds)),
        number(formatSeconds(medianSeconds, '–')),
        number(formatCount(of)),
        tone ? toned(standing, tone) : text(standing),
      ];
    }),
  );
  const note =
    'The last run that passed against the median of the ten before it. A regression is half as long again, and 5 s more.';
  return { id: 'trend', title: 'Trend', note, columns: ['Drill', 'What', 'Last', 'Median', 'Of', 'Standing'], rows };
}

/** What auditors ask for. */
export function controlTable({ controls }: Compliance): ComplianceTable {
  const rows = controls.map(({ id, title, evidence }) => [text(id), text(title), text(evidence)]);
  const note = 'Drills support these controls. Whether they are met is for an auditor to say.';
  return { id: 'controls', title: 'Controls', note, columns: ['Control', 'About', 'Evidence in this report'], rows };
}

/** Every run and where its evidence is; of very many only the last, and those that did not pass. */
export function evidenceTable({ evidence }: Compliance, linkTo: LinkTo, most: number): ComplianceTable {
  const from = Math.max(0, evidence.length - most);
  const red = evidence
    .slice(0, from)
    .filter(({ entry }) => entry.verdict !== 'pass')
    .slice(-most);
  const shown = [...red, ...evidence.slice(from)].reverse();
  const rows = shown.map((row) => {
    const { entry, evidence: state } = row;
    const tone = EVIDENCE[state];
    const href = linkTo(row);
    return [
      number(String(entry.seq)),
      text(minuteOf(entry.run.endedAt)),
      toned(entry.partial ? `${entry.verdict} (a part)` : entry.verdict, TONES[entry.verdict]),
      { ...code(entry.run.id), ...(href !== undefined && { href }) },
      code(entry.resultSha256?.slice(0, 12) ?? '–'),
      tone ? toned(state, tone) : text(state),
    ];
  });
  const left = evidence.length - shown.length;
  const cut = left > 0 ? ` ${formatCount(left)} older runs that passed are only in the CSV and JSON.` : '';
  const note = `Records of the history, the newest first, with the beginning of the SHA-256 of each result.${cut}`;
  return {
    id: 'evidence',
    title: 'Evidence',
    note,
    columns: ['Record', 'Ended', 'Verdict', 'Run', 'SHA-256', 'Result'],
    rows,
  };
}

function tallyCells(...tallies: readonly Tally[]): Cell[] {
  return tallies.flatMap(({ medianSeconds, worstSeconds, objectiveSeconds, met, missed, notMeasured }) => {
    const of = met + missed + notMeasured;
    const tone: Tone = missed > 0 ? 'bad' : notMeasured > 0 ? 'doubt' : 'good';
    return [
      number(formatSeconds(medianSeconds, '–')),
      number(formatSeconds(worstSeconds, '–')),
      of === 0 ? text('no objective') : toned(`${met} of ${of} in ${formatSeconds(objectiveSeconds)}`, tone),
    ];
  });
}

function dates(missed: readonly string[]): string {
  const shown = missed.slice(-DATES_SHOWN).map((iso) => minuteOf(iso));
  const left = missed.length - shown.length;
  return `${left > 0 ? `${left} earlier, ` : ''}${shown.join(', ')}`;
}

/** To the minute; all times of the report are in UTC. */
function minuteOf(iso: string): string {
  return formatMoment(iso).slice(0, 16);
}

function text(value: string): Cell {
  return { text: value, kind: 'text' };
}

function code(value: string): Cell {
  return { text: value, kind: 'code' };
}

function number(value: string): Cell {
  return { text: value, kind: 'number' };
}

function toned(value: string, tone: Tone): Cell {
  return { text: value, kind: 'tone', tone };
}
