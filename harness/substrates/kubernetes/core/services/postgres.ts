import { posix } from 'node:path';
import type { V1Container } from '@kubernetes/client-node';
import { notRecovered } from '../../../../kinds/postgres/not-recovered.ts';
import { type PostgresAddress, PostgresDatabase, serves } from '../../../../kinds/postgres/postgres-client.ts';
import { DrillError } from '../../../../model/error.ts';
import type { Secret } from '../../../../model/secret.ts';
import { RUN_SUPERUSER } from '../../../../model/takeover.ts';
import { literal } from '../job/literal.ts';
import { accounts } from '../kube/accounts.ts';
import type { ClaimVolume } from '../volume/claim-volume.ts';
import { ENDED_WITH, prepareData } from './prepare-data.ts';
import { fromSecret, SETTINGS_PATH, type ServerHost, startServer } from './server.ts';

const PORT = 5432;
const USER = RUN_SUPERUSER;
const DATA_PATH = '/var/lib/postgresql/data';
/** Where it makes its socket. */
const SOCKETS = '/var/run/postgresql';
/** Our own, since an image's does not let others than itself replicate, as pg_basebackup does. */
const HBA = ['local all all trust', 'host all all all scram-sha-256', 'host replication all all scram-sha-256', ''];

const PREPARE = 'prepare';
export interface PostgresSpec {
  readonly name: string;
  /** The host name for jobs. */
  readonly host: string;
  readonly database: string;
  readonly image: string;
  readonly password: Secret;
  readonly data: ClaimVolume;
  /** Keeps its log of changes small, for where there is little disk. */
  readonly smallWal: boolean;
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
        args: ['postgres', ...settings(spec.smallWal)],
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
    if (!isCopy) throw error;
    const said = await host.pods.lastWords(server.pod, PREPARE);
    throw notRecovered(spec.name, { said, exitCode: endOf(said), cause: error });
  }
  const owned = { stop: () => server.stop(), erase: () => spec.data.destroy() };
  await withDatabase(spec, admin, owned);
  return await PostgresDatabase.connect(spec.name, { ...admin, database: spec.database }, owned);
}

function preparing({ host, image, database }: PostgresSpec, dataFolder: string): V1Container {
  return {
    name: PREPARE,
    image,
    command: ['sh', '-c', literal(prepareData(USER, database))],
    env: [
      { name: 'PGDATA', value: dataFolder },
      { name: 'POSTGRES_USER', value: USER },
      { name: 'POSTGRES_DB', value: database },
      fromSecret(host, 'POSTGRES_PASSWORD'),
    ],
    securityContext: { runAsUser: 0, runAsGroup: 0 },
  };
}

/** The exit code of the single-user mode, as the script tells it; one that was killed with its shell tells none. */
function endOf(said: string): number | undefined {
  const code = said.split(`${ENDED_WITH} `).at(-1);
  return said.includes(ENDED_WITH) ? Number.parseInt(code ?? '', 10) : undefined;
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

function settings(smallWal: boolean): string[] {
  const values = {
    listen_addresses: '*',
    hba_file: `${SETTINGS_PATH}/pg_hba.conf`,
    max_wal_size: smallWal ? '64MB' : '4GB',
    ...(smallWal && { min_wal_size: '32MB' }),
    lc_messages: 'C',
    logging_collector: 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
