/** When something was made, as its name tells it: a moment, or a day. */
export interface NamedTime {
  readonly ms: number;
  /** How long what the name tells lasts: a whole day where it names no hour. */
  readonly lastsMs: number;
}

const DAY_MS = 86_400_000;
/** Immich and everybody else: `20261121T082133`, `2026-11-22_03-00-00`, `2026-11-22`, `20261122`, `202611220300`. */
const TIME =
  /(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[T_ .-]{0,3}([01]\d|2[0-3])[-_:.h]?([0-5]\d)(?:[-_:.m]?([0-5]\d))?)?(?!\d)/g;
/** Immich formerly: `immich-db-backup-1732150000000.sql.gz`. */
const MS = /(?<![A-Za-z\d])(\d{13})(?!\d)/;

/** The time that a path tells, by its own name or by the folder that it lies in; undefined when it tells none. */
export function timeInName(path: string): NamedTime | undefined {
  for (const name of path.split('/').reverse()) {
    const told = inOne(name);
    if (told) return told;
  }
  return undefined;
}

function inOne(name: string): NamedTime | undefined {
  // A version may look like a day; what is written most fully is meant.
  const [longest] = [...name.matchAll(TIME)].sort((a, b) => b[0].length - a[0].length);
  const [, year, , month, day, hour, minute = '00', second = '00'] = longest ?? [];
  if (year) {
    const ms = Date.parse(`${year}-${month}-${day}T${hour ?? '00'}:${minute}:${second}Z`);
    if (!Number.isNaN(ms)) return { ms, lastsMs: hour === undefined ? DAY_MS : 0 };
  }
  const since1970 = MS.exec(name)?.[1];
  return since1970 ? { ms: Number(since1970), lastsMs: 0 } : undefined;
}
