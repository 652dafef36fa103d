import type { Step } from '../../../model/job.ts';
import { notPlain } from './sort-out.ts';

/** So much is enough to say what is wrong. */
const SHOWN_LINES = 20;
/** Mode, owner, size, date and time come before the name; names are escaped, so that each has one line. */
const BEFORE_NAME = /^(?:[^ ]+ +){5}/;

/**
 * Lists an archive without unpacking it, and notes the members that must not be unpacked: links of both kinds, devices,
 * FIFOs, and names that lead out of the folder.
 */
export function examineArchive(archive: string, list: string, note: string): Step[] {
  const odd = '^[^-d]|^([^ ]+ +){5}(/|(.*/)?\\.\\.(/|$))';
  return [
    {
      program: 'tar',
      args: ['--list', '--verbose', '--numeric-owner', '--quoting-style=escape', '--file', archive],
      env: { LC_ALL: 'C' },
      stdout: list,
      phase: 'load',
    },
    {
      program: 'sh',
      args: ['-c', 'LC_ALL=C grep -aE -m "$3" -- "$1" "$2"', 'sh', odd, list, String(SHOWN_LINES)],
      okExitCodes: [0, 1],
      stdout: note,
      phase: 'load',
    },
  ];
}

/** Whether `pg_wal` is a link in the archive; any other member that was noted keeps the copy from being used. */
export function hasWalLink(noted: Uint8Array, where: string): boolean {
  const lines = Buffer.from(noted).toString('latin1').split('\n').filter(Boolean);
  const isWal = (line: string) => /^l/.test(line) && /^(\.\/)?pg_wal -> /.test(line.replace(BEFORE_NAME, ''));
  const other = lines.find((line) => !isWal(line));
  if (other !== undefined)
    throw notPlain(where, `the member ${JSON.stringify(other.replace(BEFORE_NAME, '').slice(0, 120))}`);
  return lines.length > 0;
}

/** Unpacks an archive that was examined: owners and modes are the run's own. */
export function unpackArchive(archive: string, into: string, { without = [] as readonly string[] } = {}): Step {
  return {
    program: 'tar',
    args: [
      ...['--extract', '--no-same-owner', '--no-same-permissions', '--anchored', '--no-wildcards'],
      ...without.map((name) => `--exclude=${name}`),
      ...['--file', archive, '--directory', into],
    ],
    phase: 'load',
  };
}
