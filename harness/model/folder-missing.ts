import { DrillError } from './error.ts';

/** The error for a folder of this machine that is to be read and is not there: nothing is known of what was meant by it. */
export function folderMissing(where: string, path: string): DrillError {
  return new DrillError({
    code: 'source-folder-missing',
    where,
    what: `The folder ${path} is not there on this machine.`,
    next: 'see whether the disk with the backup is mounted, and whether the configuration names the right folder.',
    blame: 'usage',
  });
}
