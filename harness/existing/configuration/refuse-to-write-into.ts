import { realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { DrillError } from '../../model/error.ts';

/** A run writes only to what it has made: none of its folders may lie inside of a backup, nor a backup be one of them. */
export function refuseToWriteInto(backups: readonly string[], folders: readonly string[]): void {
  for (const backup of backups)
    for (const folder of folders)
      if (isInside(realpathOf(folder), realpathOf(backup)))
        throw new DrillError({
          code: 'inside-backup',
          where: 'cli',
          what: `The run would write to ${folder}, which lies inside of the backup in ${backup}; a backup is only ever read.`,
          next: 'set DRILL_RUNS and DRILL_WORK to folders outside of it; nothing was started.',
          blame: 'usage',
        });
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : `${outer}${sep}`);
}

/** Where a path really is; of one that is not there yet, where it will be. */
function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path
      ? path
      : `${realpathOf(above).replace(/\/$/, '')}${path.slice(above.replace(/\/$/, '').length)}`;
  }
}
