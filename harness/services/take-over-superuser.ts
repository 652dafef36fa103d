import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { DrillError } from '../model/error.ts';
import type { Secret } from '../model/secret.ts';
import { TAKEOVER_FILE } from '../model/takeover.ts';
import { clusterStatements, DATABASE_THERE, databaseStatements, NEUTRAL, SINGLE_USER } from './neutral-catalog.ts';
import type { ServerProgram } from './postgres.ts';
import type { ProcessRegistry } from './process.ts';
import { recoveryBlame } from './recovery-blame.ts';

/** Where the single-user mode starts: every server has that database. */
const FIRST_DATABASE = 'postgres';
/** As long as a job may take: a copy may come with days of changes. */
const RECOVERY_BUDGET_MS = 6 * 3_600_000;
const TAIL_LINES = 12;
/** A record of the log that was not let make its link out of the copy. */
const MAKES_TABLESPACE = /could not create symbolic link "pg_tblspc|redo at .* for Tablespace\/CREATE/;

/** What taking over a data folder takes. */
export interface Takeover {
  readonly name: string;
  readonly dataFolder: string;
  readonly user: string;
  readonly password: Secret;
  /** The database of the workload. */
  readonly database: string;
  readonly postgres: ServerProgram;
  readonly signal?: AbortSignal;
}

/**
 * Makes the superuser of a restored copy the run's own, and the catalogs inert, without a network and before anybody can
 * connect: Postgres works on the folder alone, starts no process beside itself, and recovers to a consistent state on the way.
 */
export async function takeOverSuperuser(takeover: Takeover, registry: ProcessRegistry): Promise<void> {
  const { dataFolder, user, password, database } = takeover;
  const file = join(dataFolder, TAKEOVER_FILE);
  if (!existsSync(file)) return;
  const said = await singleUser(takeover, registry, FIRST_DATABASE, [
    // That the role is there already is no reason to stop: a statement that fails ends nothing here.
    `CREATE ROLE "${user}"`,
    `ALTER ROLE "${user}" SUPERUSER LOGIN CONNECTION LIMIT -1 VALID UNTIL 'infinity' PASSWORD '${password.reveal()}'`,
    ...clusterStatements(user, database),
  ]);
  if (database !== FIRST_DATABASE && said.includes(DATABASE_THERE))
    await singleUser(takeover, registry, database, databaseStatements());
  await rm(file);
}

async function singleUser(
  { name, dataFolder, postgres, signal }: Takeover,
  registry: ProcessRegistry,
  database: string,
  statements: readonly string[],
): Promise<string> {
  const { command, prefix, env, account } = postgres;
  const child = execa(command, [...prefix, ...SINGLE_USER, '-c', 'lc_messages=C', '-D', dataFolder, database], {
    env: { ...env },
    extendEnv: false,
    cwd: dataFolder,
    ...account,
    input: `${statements.join('\n')}\n`,
    timeout: RECOVERY_BUDGET_MS,
    ...(signal && { cancelSignal: signal }),
    all: true,
    reject: false,
  });
  if (child.pid !== undefined) registry.started(child.pid, `${name} single-user`);
  const ran = await child;
  const said = String(ran.all);
  if (ran.exitCode === 0 && said.includes(NEUTRAL)) return said;
  await postgres.cleanUp?.().catch(() => {});
  signal?.throwIfAborted();
  throw notRecovered(dataFolder, { said, exitCode: ran.exitCode, signal: ran.signal, cause: ran });
}

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
