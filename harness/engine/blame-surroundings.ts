import { classifySourceError } from '../model/classify-source-error.ts';
import { DrillError } from '../model/error.ts';

/** Codes of the system and of Postgres, each with what it says of the surroundings. */
const TROUBLES: readonly {
  readonly codes: RegExp;
  readonly code: string;
  readonly what: string;
  readonly next: string;
}[] = [
  {
    codes: /^(ENOSPC|EDQUOT|53100)$/,
    code: 'disk-full',
    what: 'There is no space left on the disk',
    next: 'free space, or set DRILL_WORK to a folder on a larger disk; `drill plan` says how much is needed.',
  },
  {
    codes: /^(EMFILE|ENFILE|ENOMEM|EAGAIN|53000|53200|53300|53400)$/,
    code: 'out-of-resources',
    what: 'The machine, or a server of the drill, has no more memory, files or connections to give',
    next: 'close other programs or raise the limit (`ulimit -n`), then run the drill again.',
  },
  {
    // 57P01 to 57P05: ended by an administrator, a crash, a start or a stop. 08: whatever happens to a connection.
    codes:
      /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|57P0[1-5]|08[0-9A-Z]{3})$/,
    code: 'connection-lost',
    what: 'A server of the drill could not be reached any more',
    next: 'find out why it ended or did not answer (memory, disk, somebody who stopped it), then run the drill again.',
  },
  {
    codes: /^(EROFS|EIO|ESTALE|ENODEV)$/,
    code: 'disk-broken',
    what: 'A disk cannot be read or written any more',
    next: 'see what the system says of it (`dmesg`), or set DRILL_WORK to a folder on another disk.',
  },
];

/** Errors of connections that have no code. */
const LOST = /^(Connection terminated|Client has encountered a connection error|timeout expired|socket hang up)/;
const SERVER_ERROR = 500;

/** The error of the surroundings that an error stands for; undefined when it may be our own fault. */
export function blameSurroundings(error: unknown): DrillError | undefined {
  for (let one = error, depth = 0; one !== undefined && one !== null && depth < 5; depth += 1) {
    const found = troubleOf(one);
    if (found) {
      const message = error instanceof Error ? error.message || String(codeOf(error)) : String(error);
      const { code, what, next } = found;
      return new DrillError({
        code,
        where: 'run',
        what: `${what}: ${message}.`,
        next,
        blame: 'environment',
        cause: error,
      });
    }
    one = (one as { cause?: unknown }).cause;
  }
  return undefined;
}

function troubleOf(error: unknown): Pick<(typeof TROUBLES)[number], 'code' | 'what' | 'next'> | undefined {
  const code = codeOf(error);
  const known = TROUBLES.find(({ codes }) => codes.test(code));
  if (known) return known;
  const lost = TROUBLES.find(({ code }) => code === 'connection-lost');
  const message = error instanceof Error ? error.message : '';
  if (code === '' && LOST.test(message)) return lost;
  // The clients of S3 tell by the status and the name of what they were answered.
  const { $metadata, name } = error as { $metadata?: { httpStatusCode?: number }; name?: string };
  if (($metadata?.httpStatusCode ?? 0) >= SERVER_ERROR || name === 'TimeoutError') return lost;
  const said = $metadata && classifySourceError(`${name ?? ''}: ${message}`);
  return said ? { ...said, what: `A client of the drill ${said.what}` } : undefined;
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
