import { oneLine } from '../../reports/text/one-line.ts';
import { damagedLines, type JournalLine } from '../engine/journal.ts';
import { formatDuration } from '../model/duration.ts';
import { shellWord } from '../model/shell-word.ts';
import { alignColumns } from './columns.ts';
import type { StoredRun } from './run-store.ts';

/** Explains a run that has no result, or one that is damaged, from its journal: how far it came, what went wrong, what to do. */
export function renderUnfinished(run: StoredRun, journal: readonly JournalLine[]): string {
  const { id, folder, damage } = run;
  const started = journal.filter(({ event }) => event === 'phase-started').map(({ phase }) => String(phase));
  const ended = journal.filter(({ event }) => event === 'phase-ended');
  const names = new Set(ended.map(({ phase }) => String(phase)));
  const last = journal.at(-1);
  const damaged = damagedLines(journal);
  const current = started.filter((phase) => !names.has(phase)).at(-1);
  const rows = ended.map(({ phase, seconds, summary }) => [
    `  ${oneLine(String(phase))}`,
    formatDuration(Number(seconds)),
    oneLine(String(summary)),
  ]);
  const failures = journal
    .filter(({ event }) => event === 'failure')
    .map(({ failure }) => `  ${oneLine(String((failure as { message?: unknown } | null)?.message))}`);
  return [
    damage === undefined
      ? `Run ${oneLine(id)} has no result: it was killed, or it still goes on.`
      : `Run ${oneLine(id)}: ${oneLine(damage)}.`,
    current
      ? `It was in the phase "${oneLine(current)}" when the journal ends, at ${oneLine(String(last?.at))}.`
      : `The journal ends at ${oneLine(String(last?.at ?? 'nothing'))}.`,
    ...(damaged > 0 ? [`Of the journal ${damaged} lines are damaged and could not be read.`] : []),
    ...(rows.length > 0 ? ['', 'Phases that it finished', ...alignColumns(rows, new Set([1]))] : []),
    ...(failures.length > 0 ? ['', 'Failures', ...failures] : []),
    '',
    'Nothing was proved: this counts as unknown.',
    `Evidence: ${oneLine(folder)}`,
    nextOf(run, journal),
    '',
  ].join('\n');
}

function nextOf({ id, damage }: StoredRun, journal: readonly JournalLine[]): string {
  if (damage !== undefined) return 'Next: run the drill again; what damaged the file may have damaged others.';
  return journal.some(({ asked }) => asked !== undefined)
    ? `Next: drill resume ${shellWord(id)} goes on with it, once it has ended.`
    : 'Next: drill gc removes what it left behind; then run the drill again.';
}
