import { DrillError } from '../../../model/error.ts';

/** What the errors of this source, and its receipts, call it. */
export const NAME = 'base-backup';

const SHOWN_CHARS = 120;

/** The error for a copy that is not restored: because it is none, or because it is not understood well enough to be safe. */
export function refused(
  code: string,
  what: string,
  blame: 'backup' | 'environment',
  next = 'look into the folder that the configuration names.',
): DrillError {
  return new DrillError({ code, where: `source/${NAME}`, what, next, blame });
}

/** A name out of a backup as a message may show it: on one line, without control characters, and not too long. */
export function shown(name: string): string {
  return JSON.stringify(name.length > SHOWN_CHARS ? `${name.slice(0, SHOWN_CHARS)}…` : name).replace(
    // Right-to-left marks and the like change how a line reads.
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
