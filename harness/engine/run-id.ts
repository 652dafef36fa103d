import { randomBytes } from 'node:crypto';

/** A name for a run that sorts by time, reads well, and meets no other: `immich-full-20261121-093000-1f2e`. */
export function makeRunId(drill: string, now = new Date()): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${drill}-${time}-${randomBytes(2).toString('hex')}`;
}
