import { formatDuration } from '../../../../model/duration.ts';

/** How long after a backup something was written, as `12 min 03 s after`; undefined when it was not, or nobody knows. */
export function late(writtenAt: string | undefined, madeAt: string): string | undefined {
  const seconds = (Date.parse(writtenAt ?? '') - Date.parse(madeAt)) / 1000;
  return seconds > 0 ? `${formatDuration(seconds)} after` : undefined;
}
