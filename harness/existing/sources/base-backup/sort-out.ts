import type { Step } from '../../../model/job.ts';
import type { Volume } from '../../../model/target.ts';
import { tablespaces } from './find-copy.ts';
import { refused, shown } from './refused.ts';

/** What is in a copy beside regular files and folders. */
interface Odd {
  /** As find names it: `l` a link, `p` a FIFO, `s` a socket, `b` and `c` devices; `t` what tells of a tablespace. */
  readonly kind: string;
  readonly path: string;
  /** What a link points to. */
  readonly target: string;
}

const KINDS: Readonly<Record<string, string>> = {
  l: 'a link',
  p: 'a FIFO',
  s: 'a socket',
  b: 'a device',
  c: 'a device',
};

/**
 * Takes whatever is neither a regular file nor a folder out of a copy, following nothing, and notes it in a file of
 * another volume. Modes go as well: programs that run as their owner, and folders that nobody may enter.
 */
export function sortOut(data: Volume, note: string): Step {
  const script = [
    'set -e',
    'find . -type d -exec chmod 700 {} \\;',
    'find . -type f -exec chmod 600 {} +',
    // Postgres would make links out of that file, wherever they lead.
    '[ ! -s tablespace_map ] || printf "t\\0tablespace_map\\0\\0"',
    '[ ! -d pg_tblspc ] || [ -L pg_tblspc ] || find pg_tblspc -mindepth 1 -maxdepth 1 -printf "t\\0%p\\0%l\\0"',
    'find . -mindepth 1 ! -type d ! -type f -printf "%y\\0%P\\0%l\\0" -delete',
  ].join('; ');
  return { program: 'sh', args: ['-c', script], cwd: data.path, stdout: note, phase: 'load' };
}

/** What `pg_wal` pointed to where it was a link; anything else that was taken out keeps the copy from being used. */
export function walLinkIn(noted: Uint8Array, where: string): string | undefined {
  const odd = parse(noted);
  if (odd.some(({ kind }) => kind === 't')) throw tablespaces(where);
  const [other] = odd.filter(({ kind, path }) => kind !== 'l' || path !== 'pg_wal');
  if (other) throw notPlain(where, `${KINDS[other.kind] ?? 'something'} at ${shown(other.path)}`);
  return odd[0]?.target;
}

/** A copy holds what no server has put there: what it would do to this machine cannot be told. */
export function notPlain(where: string, what: string): ReturnType<typeof refused> {
  return refused(
    'copy-not-plain',
    `The copy in ${where} holds ${what}; a data folder has only regular files and folders, and nothing else is followed out of a backup.`,
    'environment',
    'see who has put it there, and make a new copy with pg_basebackup.',
  );
}

function parse(noted: Uint8Array): Odd[] {
  const fields = Buffer.from(noted).toString('utf8').split('\0');
  const odd: Odd[] = [];
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [kind = '', path = '', target = ''] = fields.slice(index, index + 3);
    odd.push({ kind, path, target });
  }
  return odd;
}
