import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { linesOf } from '../../model/lines.ts';
import type { Secret } from '../../model/secret.ts';
import type { Database, Session } from '../../model/target.ts';
import { decodeCopyLine } from './copy-text.ts';
import { PostgresSession } from './postgres-session.ts';

const CONNECTIONS = 4;
const CONNECT_BUDGET_MS = 10_000;
/** Settings that decide how values look as text, so that digests of the same rows are the same everywhere. */
const TEXT_SETTINGS =
  '-c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=postgres -c bytea_output=hex -c extra_float_digits=1';
/** Only a superuser may ask for that; others have it from how the server was started. */
const ENGLISH = '-c lc_messages=C';

/** Where a Postgres server listens, as the harness and as jobs reach it. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  /** The user is no superuser. */
  readonly isRestricted?: boolean;
  /** Where the harness reaches it, when that is not where jobs do. */
  readonly outside?: { readonly host: string; readonly port: number } | undefined;
}

/** What whoever runs a server can do with it. */
export interface OwnedServer {
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
  /** Deletes its data. */
  erase(): Promise<void>;
}

/** A `Database` over any server that `pg` can reach. */
export class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly name: string;
  readonly identity: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly version: string;
  readonly outside: PostgresAddress['outside'];
  #isRestricted: boolean;
  #user: string;
  #password: Secret;
  #pool: pg.Pool;
  readonly #server: OwnedServer;

  private constructor(name: string, address: PostgresAddress, version: string, pool: pg.Pool, server: OwnedServer) {
    this.name = name;
    this.identity = `${name} ${address.host}:${address.port}/${address.database} ${randomUUID()}`;
    this.host = address.host;
    this.port = address.port;
    this.database = address.database;
    this.#isRestricted = address.isRestricted ?? false;
    this.#user = address.user;
    this.#password = address.password;
    this.outside = address.outside;
    this.version = version;
    this.#pool = pool;
    this.#server = server;
  }

  /** Connects, or throws. */
  static async connect(name: string, address: PostgresAddress, server: OwnedServer): Promise<PostgresDatabase> {
    const pool = poolOf(address);
    try {
      const answer = await pool.query<{ server_version: string }>('SHOW server_version');
      const version = answer.rows[0]?.server_version.split(' ')[0] ?? 'unknown';
      return new PostgresDatabase(name, address, version, pool, server);
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  get user(): string {
    return this.#user;
  }

  get isRestricted(): boolean {
    return this.#isRestricted;
  }

  get password(): Secret {
    return this.#password;
  }

  async query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]> {
    const result = await this.#pool.query(sql, values ? [...values] : undefined);
    return result.rows as Row[];
  }

  async copyIn(sql: string, chunks: AsyncIterable<string | Uint8Array>): Promise<number> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      const stream = client.query(copyFrom(sql));
      await pipeline(Readable.from(chunks, { objectMode: true }), stream);
      return stream.rowCount ?? 0;
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async *copyOut(sql: string): AsyncIterable<readonly (string | null)[]> {
    const client = await this.#pool.connect();
    let finished = false;
    try {
      const stream = client.query(copyTo(sql));
      for await (const line of linesOf(stream)) yield decodeCopyLine(line);
      finished = true;
    } finally {
      // A copy that was not read to its end leaves the connection in the middle of it.
      client.release(!finished);
    }
  }

  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = new pg.Client(connection(this));
    // Whoever waits for an answer gets the error.
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(new PostgresSession(client));
    } finally {
      await client.end().catch(() => {});
    }
  }

  async actAs(user: string, password: Secret): Promise<void> {
    const before = this.#pool;
    const { host, port, database, outside } = this;
    this.#pool = poolOf({ host, port, database, outside, user, password, isRestricted: true });
    this.#isRestricted = true;
    this.#user = user;
    this.#password = password;
    await before.end();
  }

  async exists(): Promise<boolean> {
    return await serves(this);
  }

  /** Ends the harness's own connections; the server goes on. */
  async disconnect(): Promise<void> {
    if (!this.#pool.ended && !this.#pool.ending) await this.#pool.end();
  }

  /** Stops the server; its data stays. */
  async stop(): Promise<void> {
    await this.disconnect();
    await this.#server.stop();
  }

  async destroy(): Promise<void> {
    await this.stop();
    await this.#server.erase();
  }
}

/** Whether a server answers at the address and has the database, over a connection of its own. */
export async function serves(address: PostgresAddress): Promise<boolean> {
  const client = new pg.Client(connection(address));
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function poolOf(address: PostgresAddress): pg.Pool {
  const pool = new pg.Pool({ ...connection(address), max: CONNECTIONS });
  // A pooled connection that breaks while idle would otherwise end the process; whoever uses it next gets the error.
  pool.on('error', () => {});
  return pool;
}

function connection(address: PostgresAddress): pg.ClientConfig {
  return {
    host: address.outside?.host ?? address.host,
    port: address.outside?.port ?? address.port,
    database: address.database,
    user: address.user,
    password: address.password.reveal(),
    connectionTimeoutMillis: CONNECT_BUDGET_MS,
    options: address.isRestricted ? TEXT_SETTINGS : `${TEXT_SETTINGS} ${ENGLISH}`,
    application_name: 'restore-drill',
  };
}
