import { DrillError, type DrillErrorDetails } from '../../../model/error.ts';
import { shown } from '../dump/sql/dump-errors.ts';
import { inWords, type ServerInUse } from './ask-server.ts';

const WHERE = 'source/live-postgres';
const NAMES_SHOWN = 5;

type Reason = Pick<DrillErrorDetails, 'code' | 'what' | 'next' | 'blame'>;

/** Why a server in use could not be asked at all. None of it is known of the backup that is made with another account, or later. */
export function notLetIn(error: DrillError, server: ServerInUse): DrillError {
  return told(error, (said) => atTheDoor(said, server) ?? notTold(server, 'could not be asked'));
}

/** Why pg_dump made no dump of a server in use: what would keep tonight's job from making one, too, is a fault of that job. */
export function notDumped(error: DrillError, server: ServerInUse, unreadable: readonly string[]): DrillError {
  return told(
    error,
    (said) =>
      atTheDoor(said, server) ??
      inTheWay(said, server) ??
      faultOf(said, server, unreadable) ??
      notTold(server, 'could not be dumped'),
  );
}

/** What is known not to be a fault of the backup already, such as a full disk of ours, stays what it is. */
function told(error: DrillError, reasonOf: (said: string) => Reason): DrillError {
  if (error.blame !== 'backup') return error;
  return new DrillError({ ...reasonOf(error.tail), where: WHERE, cause: error, tail: error.tail });
}

function atTheDoor(said: string, server: ServerInUse): Reason | undefined {
  const { user, database } = server;
  if (
    /authentication failed|no pg_hba\.conf entry|no password supplied|FATAL: {2}(role|permission denied for database)/.test(
      said,
    )
  )
    return environment(
      'credentials-refused',
      `The database ${inWords(server)} did not let the account "${user}" in.`,
      'see whether user and password of the configuration are right, and whether pg_hba.conf and the CONNECT privilege let the account in from here.',
    );
  if (/FATAL: {2}database ".*" does not exist/.test(said))
    return environment(
      'database-missing',
      `The server ${server.host}:${server.port} has no database "${database}".`,
      'give its name as `database` of the server; the settings of the workload say what it is called.',
    );
  if (/unsupported startup parameter/.test(said))
    return environment(
      'server-is-pooler',
      `${server.host}:${server.port} is a pooler, which does not take the settings that keep a session from writing.`,
      'name the server of Postgres itself.',
    );
  return undefined;
}

function inTheWay(said: string, server: ServerInUse): Reason | undefined {
  if (/server version mismatch/.test(said))
    return environment(
      'postgres-unsuitable',
      `The pg_dump of the drill is older than the server ${inWords(server)}, which it does not dump.`,
      'give the drill a newer Postgres: DRILL_POSTGRES_IMAGE names an image of your own, such as the one that the workload runs with; on a cluster, "postgres" in a file for --images does.',
    );
  if (/canceling statement due to|deadlock detected/.test(said))
    return environment(
      'database-locked',
      `Somebody kept pg_dump from reading ${inWords(server)}, by a lock or otherwise.`,
      'see in pg_stat_activity who holds locks for long, then run the drill again.',
    );
  return undefined;
}

function faultOf(said: string, server: ServerInUse, unreadable: readonly string[]): Reason | undefined {
  const [, denied] = /permission denied for ((?:table|sequence|schema|large object|view|relation) .+)/.exec(said) ?? [];
  const [, hidden] = /row-level security policy for table (".+")/.exec(said) ?? [];
  const names = unreadable.slice(0, NAMES_SHOWN).map(shown).join(', ');
  const more = unreadable.length > NAMES_SHOWN ? ` and ${unreadable.length - NAMES_SHOWN} more` : '';
  const what = names !== '' ? `${names}${more}` : shown(denied ?? (hidden && `all rows of ${hidden}`) ?? '');
  if (what !== '')
    return {
      code: 'database-unreadable',
      what: `pg_dump made no dump of ${inWords(server)}: the account "${server.user}" may not read ${what}. A backup job with that account fails in the same way.`,
      next: `let it read everything: GRANT pg_read_all_data TO ${server.user}; rows behind a policy take BYPASSRLS, too.`,
      blame: 'backup',
    };
  if (DAMAGED.test(said))
    return {
      code: 'database-damaged',
      what: `pg_dump made no dump of ${inWords(server)}: the server cannot read its own data. A backup job fails in the same way.`,
      next: 'look at the log and the disk of that server, and keep the last good backup.',
      blame: 'backup',
    };
  return undefined;
}

/** What Postgres says of its own files, by which nothing can be dumped. */
const DAMAGED =
  /invalid page in block|could not read block|(missing|unexpected) chunk number|compressed \S+ data is corrupt|invalid memory alloc request size|could not access status of transaction|could not open file "(base|global|pg_)/;

function notTold(server: ServerInUse, what: string): Reason {
  return environment(
    'dump-not-made',
    `The database ${inWords(server)} ${what}, and what the tool said of it is not known.`,
    'read what it said; until it is known the drill says nothing of the backup.',
  );
}

function environment(code: string, what: string, next: string): Reason {
  return { code, what, next, blame: 'environment' };
}
