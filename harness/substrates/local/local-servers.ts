import { constants, openSync } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type S3Server, type S3ServerName, startS3Server } from '../../machine/object-store/s3-servers.ts';
import { type Account, giveTo, serverAccount } from '../../machine/processes/account.ts';
import { environmentOf } from '../../machine/processes/environment-of.ts';
import type { CallSite, ProgramCall } from '../../machine/processes/local-program.ts';
import type { ProcessRegistry } from '../../machine/processes/service-process.ts';
import { type Sandbox, SOCKETS } from '../../machine/sandbox/sandbox.ts';
import type { Program } from '../../model/job.ts';
import type { SubstrateContext } from '../../model/substrate.ts';
import type { Cache, Database, ServiceSlot, Volume } from '../../model/target.ts';
import type { Programs } from './programs.ts';
import { startPostgres } from './servers/postgres.ts';
import { startRedis } from './servers/redis.ts';

/** A socket asks for a password, and the work folder lets nobody else in. */
const PASS_THROUGH = 0o755;
/** The whole path of a socket has at most 107, and its name is `.s.PGSQL.5432`. */
const MAX_FOLDER_CHARS = 90;

/** What the servers of a run share. */
export interface LocalServersOptions {
  readonly context: SubstrateContext;
  readonly workFolder: string;
  readonly programs: Programs;
  readonly registry: ProcessRegistry;
  /** A new, empty volume. */
  volume(name: string): Promise<Volume>;
}

/** What a program needs beside its folder. */
interface ProgramNeeds {
  readonly account?: Account | undefined;
  readonly more?: readonly string[];
  readonly folders?: CallSite['folders'];
  /** It listens on a port of this machine, where the harness reaches it. */
  readonly reachesOut?: boolean;
}

/** The servers of a run, as processes of this machine; all that were started stop together. */
export class LocalServers {
  readonly #options: LocalServersOptions;
  readonly #open: { stop(): Promise<void> }[] = [];
  #count = 0;

  constructor(options: LocalServersOptions) {
    this.#options = options;
  }

  /** Has it stopped with the others. */
  add(service: { stop(): Promise<void> }): void {
    this.#open.push(service);
  }

  async postgres(
    name: string,
    database: string,
    { smallWal = false }: { readonly smallWal?: boolean } = {},
  ): Promise<ServiceSlot<Database>> {
    const { context, workFolder, registry, programs } = this.#options;
    const { sandbox } = programs;
    const account = sandbox ? sandbox.account : serverAccount();
    this.#count += 1;
    const sockets = sandbox && (await socketsFor(sandbox, this.#count));
    // A sandboxed server writes to its own sockets, and sees those of others as every program does.
    const folders = sockets ? [{ path: sockets.folder, at: sockets.inside, readOnly: false }] : [];
    return await this.#slot(name, async (data, logFile) => {
      if (account) await giveTo(account, data.path);
      return await startPostgres(
        {
          ...{ name, database, workFolder, logFile, dataFolder: data.path, signal: context.signal, smallWal },
          // One password for all servers of a run: a physical restore brings that of its source along.
          password: context.secret('postgres-password'),
          initdb: await this.program('initdb', sandbox ? data.path : workFolder, { account, folders }),
          postgres: await this.program('postgres', data.path, { account, folders }),
          ...(sockets && { sockets }),
          ...(account && { owner: account }),
        },
        registry,
      );
    });
  }

  async redis(name: string): Promise<ServiceSlot<Cache>> {
    const { context, registry } = this.#options;
    return await this.#slot(name, async (data, logFile) => {
      const { command, prefix, env } = await this.program('redis-server', data.path, { reachesOut: true });
      const password = context.secret('redis-password');
      const spec = { name, dataFolder: data.path, logFile, password, command, prefix, env };
      return await startRedis({ ...spec, signal: context.signal }, registry);
    });
  }

  async s3(server: S3ServerName): Promise<S3Server> {
    const { context, workFolder, programs, registry } = this.#options;
    const { version } = await programs.provide(server);
    const dataFolder = join(workFolder, 's3');
    await mkdir(dataFolder);
    const started = await startS3Server(
      {
        ...{ server, version, dataFolder, signal: context.signal },
        ...(await this.program(server, dataFolder)),
        logFile: join(context.logsFolder, `${server}.log`),
        accessKey: context.secret('s3-access-key'),
        secretKey: context.secret('s3-secret-key'),
      },
      registry,
    );
    this.add(started);
    return started;
  }

  /** How a program is started that stays: in a folder, as an account, with these variables beside its own. */
  async program(
    program: Program,
    cwd: string,
    { account, more = [], folders = [], reachesOut = false }: ProgramNeeds = {},
  ): Promise<ProgramCall> {
    const { context, workFolder, programs } = this.#options;
    const environment = environmentOf(context.runId, workFolder);
    const found = await programs.provide(program);
    const variables = [...Object.keys(environment), ...more];
    const call = found.call({ cwd, variables, folders, reachesOut, ...(account && { account }) });
    return { ...call, env: { ...environment, ...call.env } };
  }

  /** Stops all, the last one first, and returns what went wrong. */
  async stop(): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const service of this.#open.splice(0).reverse()) {
      try {
        await service.stop();
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }

  /** A volume for the data, and a start that happens once; what was started is stopped at the end whatever happens. */
  async #slot<Service extends { stop(): Promise<void> }>(
    name: string,
    start: (data: Volume, logFile: string) => Promise<Service>,
  ): Promise<ServiceSlot<Service>> {
    const data = await this.#options.volume(name);
    let started: Promise<Service> | undefined;
    return {
      data,
      start: () => {
        started ??= (async () => {
          const service = await start(data, join(this.#options.context.logsFolder, `${name}.log`));
          this.add({ stop: () => service.stop() });
          return service;
        })();
        return started;
      },
    };
  }
}

/** A folder for the socket of one server, as the harness reaches it and as every program of the run sees it. */
async function socketsFor(
  { account, socketsFolder }: Sandbox,
  number: number,
): Promise<{ readonly folder: string; readonly outside: string; readonly inside: string }> {
  const folder = join(socketsFolder, String(number));
  await mkdir(folder);
  await chmod(folder, PASS_THROUGH);
  if (account) await chown(folder, account.uid, account.gid);
  return { folder, outside: reachable(folder), inside: join(SOCKETS, String(number)) };
}

/** The same folder by a path that leaves room for the name of a socket. It stays open as long as the harness lives. */
function reachable(folder: string): string {
  return folder.length <= MAX_FOLDER_CHARS ? folder : `/proc/self/fd/${openSync(folder, constants.O_RDONLY)}`;
}
