import { rm } from 'node:fs/promises';
import { answers, RedisCache } from '../../../kinds/redis/redis-client.ts';
import { onFreePort } from '../../../machine/processes/free-port.ts';
import { type ProcessRegistry, ServiceProcess } from '../../../machine/processes/service-process.ts';
import type { Secret } from '../../../model/secret.ts';

const HOST = '127.0.0.1';

/** What a Redis server of ours is made of. */
export interface RedisSpec {
  readonly name: string;
  /** The data folder: empty for a new server, or with the `dump.rdb` to load. */
  readonly dataFolder: string;
  readonly logFile: string;
  readonly password: Secret;
  /** The absolute path of `redis-server`, or of what runs it. */
  readonly command: string;
  /** Arguments that come before those of the program. */
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Starts a Redis server that loads the `dump.rdb` of its data folder, where there is one. */
export async function startRedis(spec: RedisSpec, registry: ProcessRegistry): Promise<RedisCache> {
  return await onFreePort(async (port) => {
    const address = { host: HOST, port, password: spec.password };
    const service = await ServiceProcess.start(
      {
        name: spec.name,
        command: spec.command,
        args: [...spec.prefix, '-'],
        stdin: configuration(spec, port),
        env: { ...spec.env },
        cwd: spec.dataFolder,
        logFile: spec.logFile,
        ready: async () => {
          if (!(await answers(address))) throw new Error(`no answer at ${HOST}:${port}`);
        },
      },
      registry,
      spec.signal,
    );
    return await RedisCache.connect(spec.name, address, {
      stop: () => service.stop(),
      erase: () => rm(spec.dataFolder, { recursive: true, force: true }),
    });
  });
}

function configuration(spec: RedisSpec, port: number): string {
  return [
    `bind ${HOST}`,
    `port ${port}`,
    `dir "${spec.dataFolder}"`,
    'dbfilename dump.rdb',
    'appendonly no',
    'daemonize no',
    `requirepass "${spec.password.reveal()}"`,
    '',
  ].join('\n');
}
