import type { Program, Step } from '../../model/job.ts';
import type { Database } from '../../model/target.ts';

/** A step of a Postgres client program that finds its server in the environment, the password included. */
export function pgStep(database: Database, program: Program, args: readonly string[]): Step {
  return {
    program,
    args,
    env: {
      PGHOST: database.host,
      PGPORT: String(database.port),
      PGUSER: database.user,
      PGDATABASE: database.database,
      PGPASSWORD: database.password,
    },
  };
}

/** `PGDATABASE` alone does not tell pg_restore to restore into a database instead of printing the dump. */
export function pgRestoreStep(database: Database, args: readonly string[]): Step {
  return {
    ...pgStep(database, 'pg_restore', ['--dbname', database.database, '--exit-on-error', ...args]),
    phase: 'load',
  };
}
