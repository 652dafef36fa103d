import { createHash, randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { type CacheKey, compareBytes } from '../../model/manifest.ts';
import type { Secret } from '../../model/secret.ts';
import type { Cache } from '../../model/target.ts';
import type { OwnedServer } from '../postgres/postgres-client.ts';

const CONNECT_BUDGET_MS = 5_000;
const SCAN_COUNT = '500';

/** How to read a whole value of each type; what has no order of its own is sorted before it is hashed. */
const READERS: Readonly<Record<string, { readonly command: (key: string) => string[]; readonly sorted: boolean }>> = {
  string: { command: (key) => ['GET', key], sorted: false },
  list: { command: (key) => ['LRANGE', key, '0', '-1'], sorted: false },
  set: { command: (key) => ['SMEMBERS', key], sorted: true },
  zset: { command: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'], sorted: false },
  hash: { command: (key) => ['HGETALL', key], sorted: true },
  stream: { command: (key) => ['XRANGE', key, '-', '+'], sorted: false },
};

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly password: Secret;
  /** Where the harness reaches it, when that is not where jobs do. */
  readonly outside?: { readonly host: string; readonly port: number } | undefined;
}

/** A `Cache` over any Redis server. */
export class RedisCache implements Cache {
  readonly kind = 'redis';
  readonly name: string;
  readonly identity: string;
  readonly host: string;
  readonly port: number;
  readonly password: Secret;
  readonly version: string;
  readonly outside: RedisAddress['outside'];
  readonly #client: Client;
  readonly #server: OwnedServer;

  private constructor(name: string, address: RedisAddress, version: string, client: Client, server: OwnedServer) {
    this.name = name;
    this.identity = `${name} ${address.host}:${address.port} ${randomUUID()}`;
    this.host = address.host;
    this.port = address.port;
    this.password = address.password;
    this.outside = address.outside;
    this.version = version;
    this.#client = client;
    this.#server = server;
  }

  /** Connects, or throws. */
  static async connect(name: string, address: RedisAddress, server: OwnedServer): Promise<RedisCache> {
    const client = await connected(address);
    const info = String(await client.sendCommand(['INFO', 'server']));
    return new RedisCache(name, address, /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown', client, server);
  }

  async command(...args: string[]): Promise<unknown> {
    return await this.#client.sendCommand(args);
  }

  async *keys(): AsyncIterable<CacheKey> {
    const names = new Set<string>();
    let cursor = '0';
    do {
      const page = (await this.command('SCAN', cursor, 'COUNT', SCAN_COUNT)) as [string, string[]];
      cursor = page[0];
      for (const key of page[1]) names.add(key);
    } while (cursor !== '0');
    for (const key of [...names].sort(compareBytes)) yield await this.#describe(key);
  }

  async exists(): Promise<boolean> {
    return await answers(this);
  }

  /** Ends the harness's own connection; the server goes on. */
  disconnect(): void {
    if (this.#client.isOpen) this.#client.destroy();
  }

  /** Stops the server; its data stays. */
  async stop(): Promise<void> {
    this.disconnect();
    await this.#server.stop();
  }

  async destroy(): Promise<void> {
    await this.stop();
    await this.#server.erase();
  }

  async #describe(key: string): Promise<CacheKey> {
    const type = String(await this.command('TYPE', key));
    const reader = READERS[type];
    // A type that we cannot read in parts is compared as the server serialises it.
    const value = await this.command(...(reader ? reader.command(key) : ['DUMP', key]));
    const digest = createHash('sha256')
      .update(canonical(type, value, reader?.sorted ?? false))
      .digest('hex');
    return { key, type, digest, expiresAtMs: Math.max(-1, Number(await this.command('PEXPIRETIME', key))) };
  }
}

/** Whether a server answers at the address, over a connection of its own. */
export async function answers(address: RedisAddress): Promise<boolean> {
  try {
    const client = await connected(address);
    client.destroy();
    return true;
  } catch {
    return false;
  }
}

type Client = ReturnType<typeof make>;

function make(address: RedisAddress) {
  const { host, port } = address.outside ?? address;
  return createClient({
    socket: { host, port, connectTimeout: CONNECT_BUDGET_MS, reconnectStrategy: false },
    password: address.password.reveal(),
    RESP: 2,
  });
}

async function connected(address: RedisAddress): Promise<Client> {
  const client = make(address);
  // Without a listener a lost connection would end the process; the next command reports it.
  client.on('error', () => {});
  await client.connect();
  await client.sendCommand(['PING']);
  return client;
}

function canonical(type: string, value: unknown, sorted: boolean): string {
  if (!sorted || !Array.isArray(value)) return JSON.stringify(value);
  if (type !== 'hash') return JSON.stringify([...value].sort());
  const pairs: string[] = [];
  for (let i = 0; i < value.length; i += 2) pairs.push(JSON.stringify([value[i], value[i + 1]]));
  return pairs.sort().join('\n');
}
