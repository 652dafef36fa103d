import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../model/duration.ts';

const MONTHS = /^(\d+)\s*(y|mo)$/;
const WEEKS = /^(\d+)\s*w$/;
const DATE = /^\d{4}-\d{2}(-\d{2}(T[\d:.]+Z)?)?$/;

/** Reads `1y`, `6mo`, `2w`, `90d` back from a moment, or a date such as 2026-01-01, in UTC. */
export function sinceOf(text: string, until: Date): Date | undefined {
  const [, count, unit] = MONTHS.exec(text.trim()) ?? [];
  if (count !== undefined) {
    const since = new Date(until);
    since.setUTCMonth(since.getUTCMonth() - Number(count) * (unit === 'y' ? 12 : 1));
    // A year before our era is no date that a report could begin with.
    return since.getUTCFullYear() > 0 ? since : undefined;
  }
  const weeks = WEEKS.exec(text.trim())?.[1];
  const seconds = parseDuration(weeks === undefined ? text : `${Number(weeks) * 7}d`);
  if (seconds !== undefined) return new Date(until.getTime() - seconds * 1000);
  const date = DATE.test(text) ? new Date(text) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** Makes sure that a text is a length of time or a date; it stays as it was written. */
export function since(text: string): string {
  if (sinceOf(text, new Date()) === undefined)
    throw new InvalidArgumentError(
      'It must be a length of time such as 1y, 6mo, 2w, 90d, or a date such as 2026-01-01.',
    );
  return text;
}
