import type { Program, Step } from '../../../model/job.ts';
import type { Secret } from '../../../model/secret.ts';

/** A database that is in use, and an account that may read all of it. */
export interface ServerInUse {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
}

const CONNECT_SECONDS = '30';
/** Whoever waits for a lock keeps others waiting behind it: a drill gives up instead. */
const LOCK_WAIT = '60s';
const OPTIONS = `-c default_transaction_read_only=on -c statement_timeout=0 -c lock_timeout=${LOCK_WAIT}`;
/** pg_dump sets what the session says of locks back, and has an option of its own for it. */
export const LOCK_WAIT_MS = '60000';

/** A step that asks a server in use, in transactions that cannot write; the password goes with its environment. */
export function askServer(
  { host, port, database, user, password }: ServerInUse,
  program: Program,
  args: readonly string[],
): Step {
  return {
    program,
    args,
    env: {
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGDATABASE: database,
      PGOPTIONS: OPTIONS,
      PGAPPNAME: 'restore-drill',
      PGCONNECT_TIMEOUT: CONNECT_SECONDS,
    },
    reachesOut: true,
    phase: 'fetch',
  };
}

/** psql without anybody's settings, which asks one thing and says nothing but the answer. */
export function psqlStep(server: ServerInUse, sql: string): Step {
  const quiet = ['--no-psqlrc', '--no-password', '--quiet', '--tuples-only', '--no-align'];
  return askServer(server, 'psql', [...quiet, '--set', 'ON_ERROR_STOP=1', '--command', sql]);
}

/** The server as messages name it. */
export function inWords({ host, port, database }: Pick<ServerInUse, 'host' | 'port' | 'database'>): string {
  return `${host}:${port}/${database}`;
}
