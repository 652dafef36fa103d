import { formatDuration } from '../model/duration.ts';
import type { Failure } from '../model/result.ts';
import { damagedLines, type JournalLine } from '../run/journal.ts';
import { alignColumns } from './columns.ts';

/** Explains a run that has no result, from its journal: how far it came, what went wrong, what to do. */
export function renderUnfinished(id: string, folder: string, journal: readonly JournalLine[]): string {
  const started = journal.filter(({ event }) => event === 'phase-started').map(({ phase }) => String(phase));
  const ended = journal.filter(({ event }) => event === 'phase-ended');
  const names = new Set(ended.map(({ phase }) => String(phase)));
  const last = journal.at(-1);
  const damaged = damagedLines(journal);
  const current = started.filter((phase) => !names.has(phase)).at(-1);
  const rows = ended.map(({ phase, seconds, summary }) => [
    `  ${phase}`,
    formatDuration(Number(seconds)),
    String(summary),
  ]);
  const failures = journal
    .filter(({ event }) => event === 'failure')
    .map(({ failure }) => `  ${(failure as Failure).message}`);
  return [
    `Run ${id} has no result: it was killed, or it still goes on.`,
    current
      ? `It was in the phase "${current}" when the journal ends, at ${last?.at}.`
      : `The journal ends at ${last?.at ?? 'nothing'}.`,
    ...(damaged > 0 ? [`Of the journal ${damaged} lines are damaged and could not be read.`] : []),
    ...(rows.length > 0 ? ['', 'Phases that it finished', ...alignColumns(rows, new Set([1]))] : []),
    ...(failures.length > 0 ? ['', 'Failures', ...failures] : []),
    '',
    'Nothing was proved: this counts as unknown.',
    `Evidence: ${folder}`,
    journal.some(({ asked }) => asked !== undefined)
      ? `Next: drill resume ${id} goes on with it, once it has ended.`
      : 'Next: drill gc removes what it left behind; then run the drill again.',
    '',
  ].join('\n');
}
