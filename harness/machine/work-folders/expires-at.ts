const KEEP_HOURS = 24;

/** When what a run makes now may be removed by anybody, if it is still there: ISO 8601. */
export function expiresAt(now = Date.now()): string {
  return new Date(now + KEEP_HOURS * 3_600_000).toISOString();
}
