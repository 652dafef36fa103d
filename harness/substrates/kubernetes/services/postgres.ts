import { posix } from 'node:path';
import type { V1Container } from '@kubernetes/client-node';
import { DrillError } from '../../../model/error.ts';
import type { Secret } from '../../../model/secret.ts';
import { type PostgresAddress, PostgresDatabase, serves } from '../../../services/postgres-client.ts';
import { literal } from '../job/literal.ts';
import { accounts } from '../kube/accounts.ts';
import type { ClaimVolume } from '../volume/claim-volume.ts';
import { fromSecret, SETTINGS_PATH, type ServerHost, startServer } from './server.ts';

const PORT = 5432;
const USER = 'postgres';
const DATA_PATH = '/var/lib/postgresql/data';
/** Where it makes its socket. */
const SOCKETS = '/var/run/postgresql';
/** Our own, since an image's does not let others than itself replicate, as pg_basebackup does. */
const HBA = ['local all all trust', 'host all all all scram-sha-256', 'host replication all all scram-sha-256', ''];

const PREPARE = 'prepare';
/** A data folder that somebody else's server has made holds this file, with the name of its superuser. */
const ADOPT_FILE = '"$PGDATA/drill-adopt"';
/**
 * Gives the data to the account of the server, also data that a restore as root has brought. A copy of somebody else's
 * server is recovered, without a network, and its superuser gets the name and password of the run: one statement a line.
 */
const PREPARING = [
  'set -e',
  'umask 077',
  'mkdir -p "$PGDATA"',
  // Links in a copy lead wherever somebody wanted: what they lead to is not ours to give away.
  '[ "$(id -u)" != 0 ] || chown -hR postgres:postgres "$PGDATA"',
  'chmod 700 "$PGDATA"',
  `[ -e ${ADOPT_FILE} ] || exit 0`,
  'program=$(command -v postgres)',
  `superuser=$(cat ${ADOPT_FILE})`,
  '{ [ "$superuser" = "$POSTGRES_USER" ] || printf \'CREATE ROLE "%s"\\n\' "$POSTGRES_USER"',
  'printf \'ALTER ROLE "%s" SUPERUSER LOGIN PASSWORD %s\\n\' "$POSTGRES_USER" "\'$POSTGRES_PASSWORD\'"; } >/tmp/adopt.sql',
  'if [ "$(id -u)" = 0 ]; then',
  "  su postgres -s /bin/sh -c \"'$program' --single -D '$PGDATA' postgres\" </tmp/adopt.sql",
  'else "$program" --single -D "$PGDATA" postgres </tmp/adopt.sql; fi',
  `rm ${ADOPT_FILE} /tmp/adopt.sql`,
].join('\n');

export interface PostgresSpec {
  readonly name: string;
  /** The host name for jobs. */
  readonly host: string;
  readonly database: string;
  readonly image: string;
  readonly password: Secret;
  readonly data: ClaimVolume;
  /** Keeps its log of changes small, for where there is little disk. */
  readonly thrifty: boolean;
}

/** Starts a Postgres server on a claim, which is initialised first when it is empty, with the workload's database. */
export async function startPostgres(spec: PostgresSpec, host: ServerHost): Promise<PostgresDatabase> {
  const dataFolder = posix.join(DATA_PATH, spec.data.folder);
  const server = await startServer(
    {
      name: spec.host,
      port: PORT,
      claim: spec.data.claim,
      dataPath: DATA_PATH,
      secrets: { POSTGRES_PASSWORD: spec.password.reveal(), 'pg_hba.conf': HBA.join('\n') },
      initContainers: [preparing(spec, dataFolder)],
      writes: [SOCKETS],
      ...(host.pods.untrusted && { accounts: accounts(USER) }),
      container: {
        image: spec.image,
        args: ['postgres', ...settings(spec.thrifty)],
        env: [
          { name: 'PGDATA', value: dataFolder },
          { name: 'POSTGRES_USER', value: USER },
          { name: 'POSTGRES_INITDB_ARGS', value: '--encoding=UTF8 --locale=C --data-checksums --no-sync' },
          { name: 'TZ', value: 'UTC' },
          fromSecret(spec.host, 'POSTGRES_PASSWORD'),
        ],
        readinessProbe: {
          exec: { command: ['pg_isready', '--host', '127.0.0.1', '--username', USER] },
          periodSeconds: 1,
          timeoutSeconds: 5,
        },
      },
    },
    host,
  );
  const { password } = spec;
  const admin: PostgresAddress = {
    ...{ host: spec.host, port: PORT, database: 'postgres', user: USER, password },
    outside: server.outside,
  };
  try {
    await server.untilReady(async () => {
      if (!(await serves(admin))) throw new Error(`no answer at ${server.outside.host}:${server.outside.port}`);
    });
  } catch (error) {
    // Only data that is there already is worked on before the server starts.
    const isCopy = error instanceof DrillError && error.code === 'crashed' && error.what.includes(`${PREPARE} ended`);
    throw isCopy ? notRecovered(spec.name, await host.pods.lastWords(server.pod, PREPARE), error) : error;
  }
  const owned = { stop: () => server.stop(), erase: () => spec.data.destroy() };
  await withDatabase(spec, admin, owned);
  return await PostgresDatabase.connect(spec.name, { ...admin, database: spec.database }, owned);
}

function preparing({ host, image }: PostgresSpec, dataFolder: string): V1Container {
  return {
    name: PREPARE,
    image,
    command: ['sh', '-c', literal(PREPARING)],
    env: [
      { name: 'PGDATA', value: dataFolder },
      { name: 'POSTGRES_USER', value: USER },
      fromSecret(host, 'POSTGRES_PASSWORD'),
    ],
    securityContext: { runAsUser: 0, runAsGroup: 0 },
  };
}

function notRecovered(name: string, tail: string, cause: unknown): DrillError {
  return new DrillError({
    code: 'copy-not-recovered',
    where: 'service/postgres',
    what: `Postgres could not bring the physical copy of ${name} to a consistent state.`,
    next: 'read its last lines: WAL that is missing from the copy is the usual cause.',
    blame: 'backup',
    cause,
    tail,
  });
}

/** A server on restored data has its databases already; whether the workload's is among them is seen here. */
async function withDatabase(
  { name, database }: PostgresSpec,
  admin: PostgresAddress,
  owned: { stop(): Promise<void>; erase(): Promise<void> },
): Promise<void> {
  const setup = await PostgresDatabase.connect(name, admin, owned);
  try {
    const there = await setup.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (there.length === 0) await setup.query(`CREATE DATABASE ${identifier(database)}`);
  } finally {
    await setup.disconnect();
  }
}

/** A name as SQL means it, whatever is in it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function settings(thrifty: boolean): string[] {
  const values = {
    listen_addresses: '*',
    hba_file: `${SETTINGS_PATH}/pg_hba.conf`,
    max_wal_size: thrifty ? '64MB' : '4GB',
    ...(thrifty && { min_wal_size: '32MB' }),
    lc_messages: 'C',
    logging_collector: 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
