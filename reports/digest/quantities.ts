import { formatDuration } from '../../harness/model/duration.ts';

const COUNT = new Intl.NumberFormat('en-US');
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Writes a number with thousands apart: `1,612`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** Writes a number and its noun: `1 check`, `22 checks`. */
export function formatMany(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Writes a size as people read it: `812 B`, `4.2 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? formatCount(Math.round(value)) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Writes a time, or that there is none. */
export function formatSeconds(seconds: number | null | undefined, none = 'not measured'): string {
  return isMeasured(seconds) ? formatDuration(seconds) : none;
}

/** Whether there is a time at all; a time that is no number counts as none. */
export function isMeasured(seconds: number | null | undefined): seconds is number {
  return typeof seconds === 'number' && Number.isFinite(seconds);
}

/** Writes an ISO time for people, in UTC and to the second; whatever is no time stays as it is. */
export function formatMoment(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime())
    ? iso
    : at
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC');
}
