import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { type Account, serverAccount } from '../../../machine/processes/account.ts';
import { onFreePort } from '../../../machine/processes/free-port.ts';
import { ServiceProcess } from '../../../machine/processes/service-process.ts';
import { openToolbox } from '../../../machine/tools/toolbox/toolbox.ts';

const HOST = '127.0.0.1';

/** Somebody's Postgres that goes on living while copies of it are drilled; it lets everybody in from this machine. */
export class LiveServer implements AsyncDisposable {
  /** A folder that the account of the server may use. */
  readonly folder: string;
  readonly port: number;
  readonly log: string;
  readonly #account: Account | undefined;
  readonly #service: ServiceProcess;

  private constructor(folder: string, port: number, account: Account | undefined, service: ServiceProcess) {
    this.folder = folder;
    this.port = port;
    this.log = join(folder, 'server.log');
    this.#account = account;
    this.#service = service;
  }

  static async start(): Promise<LiveServer> {
    const folder = mkdtempSync(join(tmpdir(), 'live-'));
    const account = serverAccount();
    chmodSync(folder, 0o755);
    if (account) chownSync(folder, account.uid, account.gid);
    const data = join(folder, 'live-data');
    const call = { cwd: folder, ...account };
    await execa(
      await programAt('initdb'),
      ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      call,
    );
    const postgres = await programAt('postgres');
    return await onFreePort(async (port) => {
      const settings = {
        port,
        listen_addresses: HOST,
        unix_socket_directories: '',
        wal_level: 'logical',
        wal_keep_size: '256MB',
        log_connections: 'on',
        log_replication_commands: 'on',
        lc_messages: 'C',
        autovacuum: 'off',
      };
      const service = await ServiceProcess.start(
        {
          name: 'live',
          command: postgres,
          args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
          env: {},
          ...(account && { account }),
          cwd: folder,
          logFile: join(folder, 'server.log'),
          stopSignals: ['SIGINT', 'SIGQUIT'],
          ready: async () => void (await ask(port, 'postgres', ['SELECT 1'])),
        },
        { started: () => {}, lost: () => {} },
      );
      return new LiveServer(folder, port, account, service);
    });
  }

  /** Does statements one after the other; gives the rows of the last. */
  async query(database: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
    return await ask(this.port, database, statements);
  }

  /** An empty folder that belongs to the account of the server. */
  own(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    if (this.#account) chownSync(path, this.#account.uid, this.#account.gid);
    return path;
  }

  /** `pg_basebackup` as people call it. */
  async baseBackup(name: string, ...args: string[]): Promise<string> {
    const path = join(this.folder, name);
    await execa(
      await programAt('pg_basebackup'),
      [...['-h', HOST, '-p', String(this.port), '-U', 'postgres', '-D', path], '--checkpoint=fast', ...args],
      { cwd: this.folder, ...this.#account },
    );
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Every entry below a folder with its owner, mode, time and bytes: what nobody has touched gives the same. */
export function stateOf(folder: string): string[] {
  return ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].toSorted().map((name) => {
    const path = join(folder, name);
    const { mode, uid, gid, size, mtimeMs } = lstatSync(path);
    const kind = lstatSync(path);
    const bytes = kind.isFile()
      ? createHash('sha256').update(readFileSync(path)).digest('hex')
      : kind.isSymbolicLink()
        ? readlinkSync(path)
        : '';
    return [name, mode.toString(8), uid, gid, kind.isFile() ? size : '', mtimeMs, bytes].join(' ');
  });
}

async function programAt(program: string): Promise<string> {
  return (await (await openToolbox()).provide(program)).location;
}

async function ask(port: number, database: string, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: HOST, port, database, user: 'postgres' });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
