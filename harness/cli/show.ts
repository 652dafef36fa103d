import { phaseTitle } from '../../reports/digest/phase-title.ts';
import { formatBytes, formatMoment, formatSeconds } from '../../reports/digest/quantities.ts';
import { oneLine } from '../../reports/text/one-line.ts';
import { DRILL_PHASES, PHASES, type RunResult } from '../model/result.ts';
import { alignColumns, cutTo } from './columns.ts';
import { type Painter, painter } from './painter.ts';
import { renderSummary, type SummaryOptions } from './summary.ts';

/** A run in full: how far it came, phase by phase with its jobs and logs, what it backed up and with what, and its summary. */
export function renderShow(result: RunResult, options: SummaryOptions): string {
  const paint = painter(options.color);
  const columns = Math.max(40, options.columns || 120);
  const blocks = [
    headBlock(result, paint),
    timingsBlock(result, paint),
    listBlock('All checks', checkRows(result), paint),
    listBlock('Backups (what the tools claim)', backupRows(result), paint),
    listBlock('Tools and host', toolRows(result), paint),
  ];
  const lines = blocks
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => (options.color ? line : cutTo(line, columns))).join('\n'));
  return `${[...lines, renderSummary(result, options)].join('\n\n')}`;
}

function headBlock({ run, drill, timings }: RunResult, paint: Painter): string[] {
  const phases = timings.some(({ phase }) => phase === 'upgrade') ? PHASES : DRILL_PHASES;
  const scale = Object.entries(drill.workload.scale).map(([name, value]) => `${name} ${value}`);
  const rows: [string, string][] = [
    ['drill', drill.name],
    ['claim', drill.claim],
    ['workload', [`${drill.workload.name} ${drill.workload.version}`, ...scale].join(', ')],
    ['began', formatMoment(run.startedAt)],
    ['ended', formatMoment(run.endedAt)],
    ['reached', `${phaseTitle(run.phaseReached)} (phase ${phases.indexOf(run.phaseReached) + 1} of ${phases.length})`],
  ];
  return [
    paint.strong(`Run ${oneLine(run.id)}`),
    ...alignColumns(rows.map(([name, value]) => [`  ${name}`, oneLine(value)])),
  ];
}

function timingsBlock({ timings }: RunResult, paint: Painter): string[] {
  const rows = PHASES.flatMap((phase) => {
    const own = timings.filter((timing) => timing.phase === phase);
    const ordered = [...own.filter(({ kind }) => kind === 'phase'), ...own.filter(({ kind }) => kind !== 'phase')];
    return ordered.map(({ kind, name, seconds, ok, log }) => [
      kind === 'phase' ? `  ${phaseTitle(phase)}` : `    ${kind} ${oneLine(name)}`,
      formatSeconds(seconds),
      ok ? '' : 'stopped',
      log ? oneLine(log) : '',
    ]);
  });
  if (rows.length === 0) return [];
  return [paint.strong('Phases and jobs'), ...alignColumns(rows, new Set([1]))];
}

function checkRows({ checks }: RunResult): string[][] {
  return checks.map(({ verdict, component, name, actual, evidence }) => [
    verdict === 'fail' ? 'FAIL' : verdict,
    component,
    name,
    evidence ? `${actual} (${evidence})` : actual,
  ]);
}

function backupRows({ backups }: RunResult): string[][] {
  return backups.map(({ component, path, id, endedAt, objects }) => [
    component,
    path,
    id,
    formatMoment(endedAt),
    formatBytes(objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
  ]);
}

function toolRows({ tools, host }: RunResult): string[][] {
  const machine = host
    ? [['host', `${host.os}, ${host.cpu}, ${host.cores} cores, ${formatBytes(host.memoryBytes)}, Node ${host.node}`]]
    : [];
  return [
    ...tools.map(({ program, version, source, location }) => [program, `${version} (${source}) ${location}`]),
    ...machine,
  ];
}

function listBlock(title: string, rows: readonly string[][], paint: Painter): string[] {
  if (rows.length === 0) return [];
  const clean = rows.map((row) => row.map((cell, index) => `${index === 0 ? '  ' : ''}${oneLine(cell)}`));
  return [paint.strong(title), ...alignColumns(clean)];
}
