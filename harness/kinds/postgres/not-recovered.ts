import { DrillError } from '../../model/error.ts';
import { recoveryBlame } from './recovery-blame.ts';

const TAIL_LINES = 12;
/** A record of the log that was not let make its link out of the copy. */
const MAKES_TABLESPACE = /could not create symbolic link "pg_tblspc|redo at .* for Tablespace\/CREATE/;

/** What is known of a takeover that did not work. */
export interface TakeoverEnd {
  readonly said: string;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly cause: unknown;
}

/** The error for a copy that was not taken over: the backup's fault only when Postgres has given up on its data. */
export function notRecovered(what: string, { said, exitCode, signal, cause }: TakeoverEnd): DrillError {
  const about = {
    where: 'service/postgres',
    cause,
    tail: said.split('\n').slice(-TAIL_LINES).join('\n'),
  };
  if (MAKES_TABLESPACE.test(said))
    return new DrillError({
      ...about,
      code: 'tablespaces-unsupported',
      what: `The log of the physical copy in ${what} makes a tablespace outside of it, which was not followed.`,
      next: 'make a new copy; one of a server with tablespaces is not understood here, and a dump of it is.',
      blame: 'environment',
    });
  if (recoveryBlame({ said, exitCode, signal }) === 'backup')
    return new DrillError({
      ...about,
      code: 'copy-not-recovered',
      what: `Postgres could not bring the physical copy in ${what} to a consistent state.`,
      next: 'read its last lines: WAL that is missing from the copy is the usual cause.',
      blame: 'backup',
    });
  const how = signal ?? (exitCode === 0 ? 'its catalogs could not be changed' : `exit code ${exitCode ?? 'none'}`);
  return new DrillError({
    ...about,
    code: 'copy-not-started',
    what: `Postgres did not get to the end of recovering the physical copy in ${what} (${how}), for a reason that says nothing of the copy.`,
    next: 'read its last lines: a full disk, too little memory and another build of Postgres are the usual causes.',
    blame: 'environment',
  });
}
