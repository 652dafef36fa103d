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

/** Writes seconds as people read them: `0.4 s`, `12 s`, `3 min 05 s`, `2 h`, `2 h 10 min`, `24 h`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < SECONDS.m) return `${whole} s`;
  if (whole < SECONDS.h) return withRest(`${Math.floor(whole / 60)} min`, whole % 60, 's');
  const minutes = Math.round(whole / 60);
  if (whole < 2 * SECONDS.d) return withRest(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
  const hours = Math.round(whole / SECONDS.h);
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function withRest(large: string, rest: number, unit: string): string {
  return rest === 0 ? large : `${large} ${String(rest).padStart(2, '0')} ${unit}`;
}
