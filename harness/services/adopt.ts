import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { DrillError } from '../model/error.ts';
import type { Secret } from '../model/secret.ts';
import type { ServerProgram } from './postgres.ts';

/** A data folder that somebody else's server has made holds this file, with the name of its superuser. */
const ADOPT_FILE = 'drill-adopt';

/** What adopting a data folder takes. */
export interface Adoption {
  readonly dataFolder: string;
  readonly user: string;
  readonly password: Secret;
  readonly postgres: ServerProgram;
  readonly signal?: AbortSignal;
}

/**
 * Gives the superuser of a restored copy the name and password of the run, without a network and before anybody can
 * connect: Postgres works on the folder alone, and recovers it to a consistent state on the way.
 */
export async function adopt({ dataFolder, user, password, postgres, signal }: Adoption): Promise<void> {
  const file = join(dataFolder, ADOPT_FILE);
  if (!existsSync(file)) return;
  const superuser = await readFile(file, 'utf8');
  const { command, prefix, env, account } = postgres;
  // One statement a line; that the role is there already is no reason to stop.
  const known = superuser === user ? [] : [`CREATE ROLE "${user}"`];
  const sql = [...known, `ALTER ROLE "${user}" SUPERUSER LOGIN PASSWORD '${password.reveal()}'`, ''].join('\n');
  const ran = await execa(command, [...prefix, '--single', '-D', dataFolder, 'postgres'], {
    env: { ...env },
    extendEnv: false,
    cwd: dataFolder,
    ...account,
    input: sql,
    ...(signal && { cancelSignal: signal }),
    all: true,
    reject: false,
  });
  if (ran.exitCode === 0) {
    await rm(file);
    return;
  }
  await postgres.cleanUp?.().catch(() => {});
  throw new DrillError({
    code: 'copy-not-recovered',
    where: 'service/postgres',
    what: `Postgres could not bring the physical copy in ${dataFolder} to a consistent state.`,
    next: 'read its last lines: WAL that is missing from the copy is the usual cause.',
    blame: 'backup',
    cause: ran,
    tail: String(ran.all).split('\n').slice(-12).join('\n'),
  });
}
