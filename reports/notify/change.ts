import { shellWord } from '../../harness/model/shell-word.ts';
import { formatMoment, formatSeconds } from '../digest/quantities.ts';
import type { HistoryEntry } from '../history/entry.ts';
import { oneLine } from '../text/one-line.ts';

/** A drill that has come to another verdict than the time before. */
export interface VerdictChange {
  readonly entry: HistoryEntry;
  /** The verdict before; null when it is the first run, and no pass. */
  readonly from: HistoryEntry['verdict'] | null;
  readonly subject: string;
  readonly text: string;
}

/** The change that a record brings against the last full run of the same drill on the same substrate, if it is one. */
export function changeOfVerdict(entries: readonly HistoryEntry[], entry: HistoryEntry): VerdictChange | undefined {
  const before = entries.findLast(
    ({ drill, substrate, seq, partial }) =>
      drill === entry.drill && substrate === entry.substrate && seq < entry.seq && !partial,
  );
  const from = before?.verdict ?? null;
  // A run of a part that passes says nothing of the whole.
  if (entry.partial && entry.verdict === 'pass') return undefined;
  if (from === entry.verdict || (from === null && entry.verdict === 'pass')) return undefined;
  const subject = oneLine(
    `${entry.verdict.toUpperCase()}: restore drill ${entry.drill} (${from ? `was ${from}` : 'first run'})`,
  );
  return { entry, from, subject, text: textOf(entry, subject) };
}

function textOf({ run, red, rto, rpo, checks, substrate, workload }: HistoryEntry, subject: string): string {
  const lines = [
    subject,
    '',
    ...(red.length > 0 ? [...red.map((line) => `- ${oneLine(line)}`), ''] : []),
    `${checks.pass} checks passed, ${checks.fail} failed, ${checks.unknown} could not be verified.`,
    `RTO ${formatSeconds(rto.seconds)} (objective ${formatSeconds(rto.objectiveSeconds, 'none')}), RPO ${formatSeconds(rpo.seconds)} (objective ${formatSeconds(rpo.objectiveSeconds, 'none')}).`,
    `${oneLine(workload.name)} ${oneLine(workload.version)} on ${oneLine(substrate)}, ended ${formatMoment(run.endedAt)}.`,
    '',
    `Next: npm run drill -- show ${shellWord(run.id)}`,
    `Evidence: ${oneLine(run.folder)}`,
  ];
  return `${lines.join('\n')}\n`;
}
