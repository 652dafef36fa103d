import type { Part } from '../../../model/source.ts';

/**
 * Names for all files of a range, as few as can be: a folder for all that is in it when no file outside of the range is,
 * and otherwise the file itself. The range is one of a list sorted as UTF-8 bytes, in which all files of a folder lie
 * together, so that the files beside the range tell which folders go beyond it.
 */
export function covering(
  paths: readonly string[],
  { before = '', after = '' }: NonNullable<Part['between']>,
): string[] {
  const names: string[] = [];
  for (const path of paths) {
    const last = names.at(-1);
    if (last !== undefined && path.startsWith(`${last}/`)) continue;
    names.push(shallowest(path, before, after));
  }
  return names;
}

function shallowest(path: string, before: string, after: string): string {
  for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end + 1);
    if (!before.startsWith(folder) && !after.startsWith(folder)) return path.slice(0, end);
  }
  return path;
}
