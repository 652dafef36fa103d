import { randomInt } from 'node:crypto';
import { parseDuration } from '../../model/duration.ts';
import { DrillError } from '../../model/error.ts';

/** Which snapshot to restore: the newest, one by its id, the newest before a time, or any of the last days. */
export type SnapshotChoice =
  | { readonly kind: 'latest' }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'before'; readonly time: string }
  | { readonly kind: 'random'; readonly within: string };

/** What restic says of a snapshot. */
export interface Snapshot {
  readonly id: string;
  readonly time: string;
  readonly paths: readonly string[];
  readonly hostname?: string;
  readonly tags?: readonly string[] | null;
}

/** The choice as the report and the configuration write it. */
export function choiceInWords(choice: SnapshotChoice): string {
  if (choice.kind === 'id') return choice.id;
  if (choice.kind === 'before') return `before ${choice.time}`;
  return choice.kind === 'random' ? `random within ${choice.within}` : 'latest';
}

/** The snapshot that the choice means; that there is none is a fault of the backup. `pick` gives a number below its argument. */
export function chooseSnapshot(
  all: readonly Snapshot[],
  choice: SnapshotChoice,
  now: Date,
  pick: (below: number) => number = randomInt,
): Snapshot {
  const newestFirst = all.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time));
  const fitting = newestFirst.filter((snapshot) => fits(snapshot, choice, now));
  const chosen = choice.kind === 'random' && fitting.length > 0 ? fitting[pick(fitting.length)] : fitting[0];
  if (chosen && !(choice.kind === 'id' && fitting.length > 1)) return chosen;
  const [newest] = newestFirst;
  throw new DrillError({
    code: chosen ? 'snapshot-ambiguous' : 'snapshot-missing',
    where: 'source/restic',
    what: chosen
      ? `${fitting.length} snapshots have an id that begins with ${choiceInWords(choice)}.`
      : `No snapshot fits "${choiceInWords(choice)}"; ${newest ? `there are ${all.length}, the newest ${newest.id.slice(0, 8)} of ${newest.time}` : 'the repository has none, or none of that host and those tags'}.`,
    next: 'look with `restic snapshots --no-lock`, and see whether the backup still runs.',
    blame: 'backup',
  });
}

function fits({ id, time }: Snapshot, choice: SnapshotChoice, now: Date): boolean {
  if (choice.kind === 'id') return id.startsWith(choice.id);
  if (choice.kind === 'before') return Date.parse(time) < Date.parse(choice.time);
  if (choice.kind === 'random') return now.getTime() - Date.parse(time) <= (parseDuration(choice.within) ?? 0) * 1000;
  return true;
}
