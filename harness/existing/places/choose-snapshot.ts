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

/** One of the snapshots that the choice may mean: any where it is random, and otherwise the newest. `pick` gives a number below its argument. */
export function pickOne(
  [newest, ...others]: readonly [Snapshot, ...Snapshot[]],
  choice: SnapshotChoice,
  pick: (below: number) => number = randomInt,
): Snapshot {
  if (choice.kind !== 'random') return newest;
  const chosen = [newest, ...others][pick(others.length + 1)];
  if (!chosen) throw new RangeError(`none of ${others.length + 1} snapshots was picked`);
  return chosen;
}

/** All snapshots that the choice may mean, the newest first; that there is none is a fault of the backup. */
export function fittingSnapshots(
  all: readonly Snapshot[],
  choice: SnapshotChoice,
  now: Date,
): readonly [Snapshot, ...Snapshot[]] {
  const newestFirst = all.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time));
  const [chosen, ...others] = newestFirst.filter((snapshot) => fits(snapshot, choice, now));
  if (chosen && !(choice.kind === 'id' && others.length > 0)) return [chosen, ...others];
  const [newest] = newestFirst;
  throw new DrillError({
    code: chosen ? 'snapshot-ambiguous' : 'snapshot-missing',
    where: 'source/restic',
    what: chosen
      ? `${others.length + 1} snapshots have an id that begins with ${choiceInWords(choice)}.`
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
