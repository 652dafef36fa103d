import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import {
  clusterStatements,
  DATABASE_THERE,
  databaseStatements,
  NEUTRAL,
  SINGLE_USER,
} from '../../../kinds/postgres/neutral-catalog.ts';
import { notRecovered } from '../../../kinds/postgres/not-recovered.ts';
import type { ProcessRegistry } from '../../../machine/processes/service-process.ts';
import type { Secret } from '../../../model/secret.ts';
import { TAKEOVER_FILE } from '../../../model/takeover.ts';
import type { ServerProgram } from './postgres.ts';

/** Where the single-user mode starts: every server has that database. */
const FIRST_DATABASE = 'postgres';
/** As long as a job may take: a copy may come with days of changes. */
const RECOVERY_BUDGET_MS = 6 * 3_600_000;
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
