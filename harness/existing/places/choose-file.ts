import picomatch from 'picomatch';
import { DrillError } from '../../model/error.ts';
import { doubtAbout } from './not-backups.ts';
import type { PlacedFile } from './place.ts';
import { timeInName } from './time-in-name.ts';

/** A name tells the time of the server's own clock, a file the true one: they differ by less than any time zone. */
const ZONE_MS = 15 * 3_600_000;
/** What was copied in one go has times that are no further from each other. */
const COPY_MS = 3_600_000;

/** Names alone are matched, hidden ones too; of a path `*` takes slashes as well. */
const LIKE_A_SHELL = { dot: true, bash: true, nobrace: true, nobracket: true, noextglob: true, nonegate: true };

/** The newest file that the pattern fits; `*` and `?` stand for what they do in a shell. */
export function chooseFile<File extends PlacedFile>(files: readonly File[], pattern: string, where: string): File {
  const [newest] = newestFirst(files, pattern);
  if (newest) return newest;
  const some = files.slice(0, 3).map(({ path }) => path);
  const half = files.filter(({ path }) => doubtAbout(path, pattern, new Set()) === 'half-written');
  throw new DrillError({
    code: 'backup-missing',
    where: 'source/file',
    what: `No file in ${where} fits "${pattern}"; ${files.length === 0 ? 'there is no file at all' : `there are ${files.length} others, such as ${some.join(', ')}`}${half.length > 0 ? `, and ${half[0]?.path} was never written to its end` : ''}.`,
    next: 'see whether the backup still runs, and whether the pattern is that of its files.',
    blame: 'backup',
  });
}

/** All files that the pattern fits and that can be backups, the newest first. */
export function newestFirst<File extends PlacedFile>(files: readonly File[], pattern: string): File[] {
  const fits = picomatch(pattern, LIKE_A_SHELL);
  const fitting = files.filter(({ path }) => fits(pattern.includes('/') ? path : nameOf(path)));
  const all = new Set(files.map(({ path }) => path));
  const withDoubt = (doubt: string) => fitting.filter(({ path }) => doubtAbout(path, pattern, all) === doubt);
  const sure = withDoubt('none');
  const wanted = sure.length > 0 ? sure : withDoubt('some');
  const copied = wanted.filter((file) => agrees(file) === false).map(({ modifiedAt }) => Date.parse(modifiedAt));
  const order = new Map(wanted.map((file) => [file, orderOf(file, copied)]));
  return wanted.toSorted(
    (a, b) =>
      (order.get(b) ?? 0) - (order.get(a) ?? 0) ||
      Date.parse(b.modifiedAt) - Date.parse(a.modifiedAt) ||
      (a.path < b.path ? 1 : -1),
  );
}

/** When a file was made: by itself where it and its name agree, otherwise by its name, since copies get a time of their own. */
export function madeAt(file: PlacedFile): string {
  const named = timeInName(file.path);
  if (named === undefined || agrees(file)) return file.modifiedAt;
  return new Date(named.ms).toISOString();
}

/** Whether the time of a file can be the one that its name tells; undefined when that tells none. */
function agrees({ path, modifiedAt }: PlacedFile): boolean | undefined {
  const named = timeInName(path);
  const time = Date.parse(modifiedAt);
  return named && time > named.ms - ZONE_MS && time < named.ms + named.lastsMs + ZONE_MS;
}

/**
 * Where a file stands in time: where its name says, within a day where that names no hour. The time of one that says
 * nothing counts unless it is that of copying: names that disagree with theirs show when that was.
 */
function orderOf({ path, modifiedAt }: PlacedFile, copied: readonly number[]): number {
  const time = Date.parse(modifiedAt);
  const named = timeInName(path);
  if (named && named.lastsMs > 0 && agrees({ path, modifiedAt, sizeBytes: 0 }))
    return Math.min(Math.max(time, named.ms), named.ms + named.lastsMs - 1);
  if (named) return named.ms;
  return copied.some((other) => Math.abs(other - time) < COPY_MS) ? Number.MIN_SAFE_INTEGER : time;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
