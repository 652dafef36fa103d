const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** Longer than anybody keeps backups; what is more is a slip, and times to come would not be dates any more. */
const LONGEST_SECONDS = 100 * 366 * SECONDS.d;
const PART = /(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/gy;

/** Reads `90s`, `2h`, `1h30m`, `24h` into seconds; undefined when it is not a duration, or more than a hundred years. */
export function parseDuration(text: string): number | undefined {
  let seconds = 0;
  let end = 0;
  for (const match of text.trim().matchAll(PART)) {
    seconds += Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS];
    end = match.index + match[0].length;
  }
  return end > 0 && end === text.trim().length && seconds <= LONGEST_SECONDS ? seconds : undefined;
}

/** Writes seconds as people read them: `0.4 s`, `12 s`, `3 m 05 s`, `2 h 10 m`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < SECONDS.m) return `${whole} s`;
  if (whole < SECONDS.h) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  if (whole < SECONDS.d) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
  const hours = Math.round(whole / SECONDS.h);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
