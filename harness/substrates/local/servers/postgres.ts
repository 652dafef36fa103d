import { existsSync } from 'node:fs';
import { chmod, chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type PostgresAddress, PostgresDatabase, serves } from '../../../kinds/postgres/postgres-client.ts';
import { onFreePort } from '../../../machine/processes/free-port.ts';
import { type ProcessRegistry, ServiceProcess } from '../../../machine/processes/service-process.ts';
import { DrillError } from '../../../model/error.ts';
import type { Secret } from '../../../model/secret.ts';
import { RUN_SUPERUSER } from '../../../model/takeover.ts';
import { takeOverSuperuser } from './take-over-superuser.ts';

const HOST = '127.0.0.1';
const USER = RUN_SUPERUSER;
/** The name of a socket ends in a port, also where there is none. */
const SOCKET_PORT = 5432;

/** How a program of the server is started: itself, or by another one such as Docker's client. */
export interface ServerProgram {
  readonly command: string;
  /** Arguments that come before those of the program. */
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The account to start the command under. */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Ends what outlives the command when that is killed. */
  cleanUp?(): Promise<void>;
}

/** What a Postgres server of ours is made of. */
export interface PostgresSpec {
  readonly name: string;
  /** The data folder: empty for a new server, or filled by a physical restore. */
  readonly dataFolder: string;
  /** The workload's database in the server, made when it is not there yet. */
  readonly database: string;
  readonly workFolder: string;
  readonly logFile: string;
  readonly password: Secret;
  readonly initdb: ServerProgram;
  readonly postgres: ServerProgram;
  /** Whom the server's files must belong to, when that is not the account of the harness. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly signal?: AbortSignal;
  /** Where it listens when no network reaches it: the folder of its socket, as the harness and as the programs of the run see it. */
  readonly sockets?: { readonly outside: string; readonly inside: string };
  /** Keeps its log of changes small, for where there is little disk. */
  readonly smallWal?: boolean;
}

/** Starts a server on the data folder, which is initialised first when it is empty, with the database of the workload. */
export async function startPostgres(spec: PostgresSpec, registry: ProcessRegistry): Promise<PostgresDatabase> {
  // Postgres refuses a data folder that others may read, and a restored one has whatever mode the volume was made with.
  await chmod(spec.dataFolder, 0o700);
  if (!existsSync(join(spec.dataFolder, 'PG_VERSION'))) await initialise(spec);
  await takeOverSuperuser({ ...spec, user: USER }, registry);
  if (spec.sockets) return await listen(spec, registry, spec.sockets, SOCKET_PORT);
  return await onFreePort((port) => listen(spec, registry, { inside: HOST, outside: HOST }, port));
}

/** What it says to whoever connects too early or too late. */
const NOT_YET =
  /FATAL: {2}the database system is (starting up|shutting down|not (yet )?accepting connections|in recovery mode)|DETAIL: {2}Consistent recovery state has not been yet reached/;

async function listen(
  spec: PostgresSpec,
  registry: ProcessRegistry,
  { inside, outside }: { readonly inside: string; readonly outside: string },
  port: number,
): Promise<PostgresDatabase> {
  const admin: PostgresAddress = {
    ...{ host: inside, port, database: 'postgres', user: USER, password: spec.password },
    ...(inside !== outside && { outside: { host: outside, port } }),
  };
  const service = await ServiceProcess.start(
    {
      name: spec.name,
      ...spec.postgres,
      args: [...spec.postgres.prefix, '-D', spec.dataFolder, ...settings(spec, port)],
      cwd: spec.dataFolder,
      logFile: spec.logFile,
      // SIGINT is Postgres' fast shutdown, SIGQUIT the immediate one.
      stopSignals: ['SIGINT', 'SIGQUIT'],
      answers: NOT_YET,
      ready: async () => {
        if (!(await serves(admin))) throw new Error(`no answer at ${outside}:${port}`);
      },
    },
    registry,
    spec.signal,
  );
  return await open(spec, admin, service);
}

async function open(spec: PostgresSpec, admin: PostgresAddress, service: ServiceProcess): Promise<PostgresDatabase> {
  const server = { stop: () => service.stop(), erase: () => rm(spec.dataFolder, { recursive: true, force: true }) };
  try {
    const setup = await PostgresDatabase.connect(spec.name, admin, server);
    const there = await setup.query('SELECT FROM pg_database WHERE datname = $1', [spec.database]);
    if (there.length === 0) await setup.query(`CREATE DATABASE "${spec.database.replaceAll('"', '""')}"`);
    await setup.disconnect();
    return await PostgresDatabase.connect(spec.name, { ...admin, database: spec.database }, server);
  } catch (error) {
    await service.stop();
    throw error;
  }
}

function settings({ smallWal = false, sockets }: PostgresSpec, port: number): string[] {
  const values = {
    listen_addresses: sockets ? '' : HOST,
    port,
    unix_socket_directories: sockets?.inside ?? '',
    max_wal_size: smallWal ? '64MB' : '4GB',
    ...(smallWal && { min_wal_size: '32MB' }),
    // Postgres' own log of a damaged or refused connection belongs into our file, in English.
    lc_messages: 'C',
    logging_collector: 'off',
    // In the data folder and not in /dev/shm, where it would outlive a server that was killed.
    dynamic_shared_memory_type: 'mmap',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function initialise(spec: PostgresSpec): Promise<void> {
  const passwordFile = join(spec.sockets?.outside ?? spec.workFolder, `${spec.name}.pw`);
  await writeFile(passwordFile, spec.password.reveal(), { mode: 0o600 });
  try {
    if (spec.owner) {
      await chown(passwordFile, spec.owner.uid, spec.owner.gid);
      await chown(spec.dataFolder, spec.owner.uid, spec.owner.gid);
    }
    const { command, prefix, env, account } = spec.initdb;
    const args = [
      ...prefix,
      '-D',
      spec.dataFolder,
      '-U',
      USER,
      '--pwfile',
      spec.sockets ? join(spec.sockets.inside, `${spec.name}.pw`) : passwordFile,
      '--auth=scram-sha-256',
      '-E',
      'UTF8',
    ];
    await execa(command, [...args, '--locale=C', '--data-checksums', '--no-sync', '--no-instructions'], {
      env: { ...env },
      extendEnv: false,
      cwd: spec.sockets ? spec.dataFolder : spec.workFolder,
      // A kill of the harness' group must leave it to whoever can release its shared memory.
      detached: true,
      ...account,
      ...(spec.signal && { cancelSignal: spec.signal }),
      all: true,
    });
  } catch (error) {
    // What happened counts; whatever cannot be ended now, the end of the run tries again.
    await spec.initdb.cleanUp?.().catch(() => {});
    throw new DrillError({
      code: 'initdb-failed',
      where: 'service/postgres',
      what: `initdb could not make a new database server in ${spec.dataFolder}.`,
      next: 'read the lines of initdb; a full disk and a folder that the account cannot enter are the usual causes.',
      blame: 'environment',
      cause: error,
      tail: String((error as { all?: unknown }).all ?? error),
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}
