import picomatch from 'picomatch';
import { DrillError } from '../../model/error.ts';
import type { PlacedFile } from './place.ts';

/** Immich writes the time into the name: `immich-db-backup-20261121T082133-v3.1.0-pg17.11.sql.gz`, formerly in milliseconds. */
const TIME_IN_NAME = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/;
const MS_IN_NAME = /-(\d{13})\./;
/** A name tells the time of the server's own clock, a file the true one: they differ by less than any time zone. */
const ZONE_MS = 15 * 3_600_000;

/** Names alone are matched, hidden ones too; of a path `*` takes slashes as well. */
const LIKE_A_SHELL = { dot: true, bash: true, nobrace: true, nobracket: true, noextglob: true, nonegate: true };

/** The newest file that the pattern fits; `*` and `?` stand for what they do in a shell. */
export function chooseFile(files: readonly PlacedFile[], pattern: string, where: string): PlacedFile {
  const fits = picomatch(pattern, LIKE_A_SHELL);
  const fitting = files.filter(({ path }) => fits(pattern.includes('/') ? path : nameOf(path)));
  const [newest] = fitting.toSorted((a, b) => orderOf(b, fitting) - orderOf(a, fitting));
  if (newest) return newest;
  const some = files.slice(0, 3).map(({ path }) => path);
  throw new DrillError({
    code: 'backup-missing',
    where: 'source/file',
    what: `No file in ${where} fits "${pattern}"; ${files.length === 0 ? 'there is no file at all' : `there are ${files.length} others, such as ${some.join(', ')}`}.`,
    next: 'see whether the backup still runs, and whether the pattern is that of its files.',
    blame: 'backup',
  });
}

/** When a file was made: by itself where it and its name agree, otherwise by its name, since copies get a time of their own. */
export function madeAt({ path, modifiedAt }: PlacedFile): string {
  const named = timeInName(nameOf(path));
  if (named === undefined || Math.abs(Date.parse(modifiedAt) - named) < ZONE_MS) return modifiedAt;
  return new Date(named).toISOString();
}

function orderOf(file: PlacedFile, among: readonly PlacedFile[]): number {
  const named = among.every(({ path }) => timeInName(nameOf(path)) !== undefined);
  return (named ? timeInName(nameOf(file.path)) : undefined) ?? Date.parse(file.modifiedAt);
}

function timeInName(name: string): number | undefined {
  const [, year, month, day, hour, minute, second] = TIME_IN_NAME.exec(name) ?? [];
  if (year) return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const ms = MS_IN_NAME.exec(name)?.[1];
  return ms ? Number(ms) : undefined;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
