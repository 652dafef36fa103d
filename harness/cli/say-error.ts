import { plainLines } from '../../reports/text/one-line.ts';
import { DrillError } from '../model/error.ts';
import { EXIT_HARNESS, EXIT_USAGE } from './exit-codes.ts';

const LONGEST = 64 * 1024;

/** Errors of the system that speak of what the command was pointed at; the harness is not broken. */
const TARGETS: Readonly<Record<string, string>> = {
  EACCES: 'may not be used by this account',
  EPERM: 'may not be used by this account',
  EROFS: 'lies on something that can only be read',
  ENOSPC: 'has no space left',
  EDQUOT: 'has no space left for this account',
  EISDIR: 'is a folder',
  ENOTDIR: 'is no folder, or has a file above it',
  EEXIST: 'is there already, as something else',
  ENOENT: 'is not there',
  ELOOP: 'is a link that leads to itself',
  ENAMETOOLONG: 'has too long a name',
  ENXIO: 'is a pipe or a device that nobody serves',
  EINVAL: 'is nothing that can be written there',
  ENOTEMPTY: 'is a folder that is not empty',
};

/** What an error outside of a run says, and the exit code that it gives. A stack is for errors of the harness alone. */
export function sayError(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof DrillError) {
    const exitCode = error.blame === 'usage' ? EXIT_USAGE : error.blame === 'environment' ? 2 : EXIT_HARNESS;
    return { text: lines(`${error.message}${error.tail ? `\n${error.tail}` : ''}`), exitCode };
  }
  const { code = '', path, dest } = (error ?? {}) as NodeJS.ErrnoException & { dest?: string };
  if (Object.hasOwn(TARGETS, code)) {
    const what = `${dest ?? path ?? 'What was to be read or written'} ${TARGETS[code]} (${code})`;
    const next = 'name another with the option or the variable that named it, or make it usable.';
    return { text: lines(`[cli] ${what}. Next: ${next}`), exitCode: EXIT_HARNESS };
  }
  return {
    text: lines(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    exitCode: EXIT_HARNESS,
  };
}

/** A name or a tool's last lines may hold what a terminal would obey. */
function lines(text: string): string {
  return `${plainLines(text, LONGEST)}\n`;
}
