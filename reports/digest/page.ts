import type { RunResult } from '../../harness/model/result.ts';
import { shellWord } from '../../harness/model/shell-word.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { componentsOf, componentTitle } from './components.ts';
import { type Headline, headlineOf } from './headline.ts';
import { type ObjectiveRow, RTO_PHASES, rpoRows, rtoRows } from './objectives.ts';
import { phaseTitle } from './phase-title.ts';
import { formatBytes, formatCount, formatMany, formatMoment, formatSeconds } from './quantities.ts';
import { runTypeOf } from './run-type.ts';
import { type Trouble, troublesOf } from './troubles.ts';

/** How good or bad a cell is; said in words too, never by colour alone. */
export type Tone = 'good' | 'bad' | 'doubt';

/** One cell of a table: text, a literal such as a path or command, a number, or a word with a tone. */
export interface Cell {
  readonly text: string;
  readonly kind: 'text' | 'code' | 'number' | 'tone';
  readonly tone?: Tone;
}

/** A part of a page: a sentence, a table, a list, or commands to copy. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly commands: readonly string[];
}

/** What the pages for people say, whatever their format. */
export interface Page {
  readonly title: string;
  readonly headline: Headline;
  readonly claim: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly troubles: readonly Trouble[];
  readonly sections: readonly Section[];
}

const TONES: Readonly<Record<Verdict, Tone>> = { pass: 'good', fail: 'bad', unknown: 'doubt' };

/** Makes the page of a result: verdict first, then what to do, then the evidence. */
export function pageOf(result: RunResult): Page {
  return {
    title: result.drill.name,
    headline: headlineOf(result),
    claim: result.drill.claim,
    facts: factsOf(result),
    troubles: troublesOf(result),
    sections: [
      checks(result),
      recovery(result),
      loss(result),
      notTested(result),
      backups(result),
      phases(result),
      tools(result),
      evidence(result),
    ],
  };
}

function factsOf(result: RunResult): [string, string][] {
  const { run, drill } = result;
  const scale = Object.entries(drill.workload.scale).map(([name, value]) => `${name} ${formatCount(value)}`);
  return [
    ['Run', run.id],
    ['Began', formatMoment(run.startedAt)],
    ['Took', formatSeconds(run.seconds)],
    ['Reached', phaseTitle(run.phaseReached)],
    ['Workload', `${drill.workload.name} ${drill.workload.version}${scale.length > 0 ? ` (${scale.join(', ')})` : ''}`],
    runTypeOf(result) === 'drill'
      ? ['Disaster', drill.disaster]
      : ['Backups', 'of your own, restored beside what is in use'],
    ['Substrate', drill.substrate],
  ];
}

function checks(result: RunResult): Section {
  const rows = componentsOf(result).flatMap(({ title, path, checks }) =>
    checks.map((check) => [
      toned(check.verdict, TONES[check.verdict]),
      text(path ? `${title} (${path})` : title),
      text(check.name),
      text(check.proves),
      text(check.actual),
    ]),
  );
  const note = rows.length === 0 ? 'No check was run. Nothing was proved.' : '';
  return section('checks', 'What was checked', ['Verdict', 'Component', 'Check', 'Proves', 'Found'], rows, note);
}

function recovery(result: RunResult): Section {
  const rows = rtoRows(result).map((row) => [
    text(componentTitle(row.component)),
    ...RTO_PHASES.map((phase) => number(row.seconds === null ? '–' : formatSeconds(row.phases[phase], '–'))),
    ...objectiveCells(row),
  ]);
  const note =
    runTypeOf(result) === 'drill'
      ? 'From the disaster to the moment when it served again. The seeding and judging of the drill are not in it.'
      : 'From the beginning of the restore to the moment when it would serve. The judging is not in it.';
  const columns = ['Component', ...RTO_PHASES.map(capitalised), 'Total', 'Objective', 'Standing'];
  return section('rto', 'Time to restore (RTO)', columns, rows, note);
}

function loss(result: RunResult): Section {
  const rows = rpoRows(result).map((row) => [text(componentTitle(row.component)), ...objectiveCells(row)]);
  const note =
    runTypeOf(result) === 'drill'
      ? 'From the last write that survived to the disaster.'
      : 'From the moment when the backup was made to that of the drill: what a disaster now would have cost.';
  return section('rpo', 'Data lost (RPO)', ['Component', 'Lost', 'Objective', 'Standing'], rows, note);
}

function objectiveCells({ seconds, objectiveSeconds, standing }: ObjectiveRow): Cell[] {
  const tone: Tone | undefined = { met: 'good', missed: 'bad', 'not measured': 'doubt', 'no objective': undefined }[
    standing
  ] as Tone | undefined;
  return [
    number(formatSeconds(seconds)),
    number(formatSeconds(objectiveSeconds, 'none')),
    tone ? toned(standing, tone) : text(standing),
  ];
}

function notTested(result: RunResult): Section {
  const rows = result.notTested.map(({ what, why }) => [text(what), text(why)]);
  const note = rows.length === 0 ? 'The drill named nothing that it left out.' : 'This run says nothing about these.';
  return section('not-tested', 'What was not tested', ['What', 'Why'], rows, note);
}

function backups(result: RunResult): Section {
  const rows = result.backups.map((receipt) => [
    text(receipt.component),
    text(receipt.path),
    code(receipt.id),
    text(formatMoment(receipt.endedAt)),
    number(formatBytes(receipt.objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))),
    text(receipt.tools.map(({ program, version }) => `${program} ${version}`).join(', ')),
  ]);
  const columns = ['Component', 'Path', 'Backup', 'Made', 'Size', 'Tools'];
  const note = rows.length === 0 ? 'No backup was made.' : 'What the tools claim to have made. Claims prove nothing.';
  return section('backups', 'Backups made', columns, rows, note);
}

function phases(result: RunResult): Section {
  const rows = result.timings
    .filter(({ kind }) => kind === 'phase')
    .map(({ phase, seconds, ok }) => [
      text(phaseTitle(phase)),
      number(formatSeconds(seconds)),
      toned(ok ? 'done' : 'stopped', ok ? 'good' : 'bad'),
    ]);
  return section('phases', 'Phases of the run', ['Phase', 'Took', 'Ended'], rows, '');
}

function tools({ tools, host, facts }: RunResult): Section {
  const rows = [
    ...tools.map(({ program, version, source, location }) => [
      text(program),
      text(`${version}, from ${source}, ${location}`),
    ]),
    ...(host ? hostRows(host) : []),
    ...Object.entries(facts).map(([name, value]) => [
      text(name),
      text(typeof value === 'number' ? formatCount(value) : value),
    ]),
  ];
  return section('tools', 'Tools and host', ['What', 'Which'], rows, host ? '' : 'The host was not looked at.');
}

function hostRows(host: NonNullable<RunResult['host']>): Cell[][] {
  return [
    [text('host'), text(host.os)],
    [text('processor'), text(`${host.cpu}, ${formatMany(host.cores, 'core')}`)],
    [text('memory'), text(formatBytes(host.memoryBytes))],
    [text('free disk'), text(formatBytes(host.freeDiskBytes))],
    [text('Node'), text(host.node)],
  ];
}

function evidence({ run, kept }: RunResult): Section {
  const note = `All of it is in ${run.folder || 'the folder of the run'}: the journal, the logs of every tool, and all findings.`;
  const commands = [`npm run drill -- show ${shellWord(run.id)}`, ...kept];
  return { ...section('evidence', 'Where the evidence is', [], [], note), commands };
}

function section(
  id: string,
  title: string,
  columns: readonly string[],
  rows: readonly Cell[][],
  note: string,
): Section {
  return { id, title, columns, rows, note, commands: [] };
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

function capitalised(value: string): string {
  return value.charAt(0).toUpperCase() + value.slice(1);
}
