import type { PathContext, Receipt, Retention } from '../../model/path.ts';

const DAY_MS = 86_400_000;
const THURSDAY = 3;

/**
 * The ids of the backups that a retention keeps: the newest ones, and of each of the last days, ISO weeks and months
 * (UTC) that have a backup, its newest. Without any rule all are kept: an empty rule must never empty a store.
 */
export function keptBy(retention: Retention, receipts: readonly Receipt[]): string[] {
  const newestFirst = receipts.toSorted((a, b) => timeOf(b) - timeOf(a));
  const rules = [
    newestFirst.slice(0, retention.last ?? 0),
    newestOfEach(newestFirst, retention.daily, (time) => String(Math.floor(time / DAY_MS))),
    newestOfEach(newestFirst, retention.weekly, (time) => String(Math.floor((time / DAY_MS + THURSDAY) / 7))),
    newestOfEach(newestFirst, retention.monthly, (time) => new Date(time).toISOString().slice(0, 7)),
  ];
  const none = !retention.last && !retention.daily && !retention.weekly && !retention.monthly;
  const kept = new Set(none ? newestFirst : rules.flat());
  return newestFirst.filter((receipt) => kept.has(receipt)).map(({ id }) => id);
}

/** Deletes the objects of backups that the retention does not keep; gives the ids of those that it keeps. */
export async function retainObjects(
  context: PathContext,
  retention: Retention,
  receipts: readonly Receipt[],
): Promise<string[]> {
  const kept = new Set(keptBy(retention, receipts));
  for (const { id, objects } of receipts)
    if (!kept.has(id)) for (const { key } of objects) await context.bucket.remove(key);
  return [...kept];
}

function newestOfEach(newestFirst: readonly Receipt[], count = 0, periodOf: (time: number) => string): Receipt[] {
  const periods = new Map<string, Receipt>();
  for (const receipt of newestFirst) {
    const period = periodOf(timeOf(receipt));
    if (!periods.has(period)) periods.set(period, receipt);
  }
  return [...periods.values()].slice(0, count);
}

/** The time that a backup is filed under, which for older sets is not when it was made. */
function timeOf({ details, startedAt }: Receipt): number {
  return Date.parse(typeof details.at === 'string' ? details.at : startedAt);
}
