import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DrillError } from '../../model/error.ts';

/**
 * The place of a path of a volume, when it really lies in the volume: no `..` and no link that came out of a backup leads
 * anywhere else. The last part may be a link itself, which whoever opens it must not follow, or not be there yet.
 */
export function pathInside(root: string, path: string, volume: string): string {
  const full = join(root, path);
  if (full === root) return full;
  if (!full.startsWith(`${root}/`)) throw leadsOut(path, volume);
  const inside = realPathOf(root);
  // Of a volume that was destroyed nothing is left that could lead anywhere.
  if (inside === '') return full;
  const real = realPathOf(nearest(dirname(full)));
  if (real !== inside && !real.startsWith(`${inside}/`)) throw leadsOut(path, volume);
  return full;
}

/** Empty for a link that leads to nothing, which is as good as anywhere. */
function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return '';
  }
}

/** The folder itself, or the nearest one above it that is there. A link that leads to nothing is there. */
function nearest(folder: string): string {
  return lstatSync(folder, { throwIfNoEntry: false }) ? folder : nearest(dirname(folder));
}

function leadsOut(path: string, volume: string): DrillError {
  return new DrillError({
    code: 'outside-volume',
    where: 'substrate/local',
    what: `The path "${path}" leads out of the volume ${volume}; nothing was read or written.`,
    next: 'see whether a folder in the backup is a link: what it leads to is no part of the backup.',
    blame: 'backup',
  });
}
