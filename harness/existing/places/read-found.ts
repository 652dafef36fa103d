import type { PlacedFile } from './place.ts';

const LINE = /^(\d+) (-?)(\d+)(\.\d+)? (.+)$/;
/** The last moment that a date can be of, and as far back the first. */
const LAST_MS = 8_640_000_000_000_000;

/** A file as `find -printf '%s %T@ %P'` tells it; nothing where a line is none. */
export function readFound(line: string): PlacedFile[] {
  const [, size, minus, seconds, fraction = '0', path] = LINE.exec(line) ?? [];
  if (!path) return [];
  // Before 1970 find writes whole seconds down to the one before, and then the part of a second that is after that.
  const whole = Number(`${minus}${seconds}`);
  const part = minus && whole === 0 ? -Number(fraction) : Number(fraction);
  const ms = Math.max(-LAST_MS, Math.min(LAST_MS, Math.round((whole + part) * 1000)));
  return [{ path, sizeBytes: Number(size), modifiedAt: new Date(ms).toISOString() }];
}
