import { answers, RedisCache } from '../../../../kinds/redis/redis-client.ts';
import type { Secret } from '../../../../model/secret.ts';
import type { ClaimVolume } from '../volume/claim-volume.ts';
import { SETTINGS_PATH, type ServerHost, startServer } from './server.ts';

const PORT = 6379;
const DATA_PATH = '/data';

export interface RedisSpec {
  readonly name: string;
  /** The host name for jobs. */
  readonly host: string;
  readonly image: string;
  readonly password: Secret;
  readonly data: ClaimVolume;
}

/** Starts a Redis server that loads the `dump.rdb` of its claim, where there is one. */
export async function startRedis(spec: RedisSpec, host: ServerHost): Promise<RedisCache> {
  const server = await startServer(
    {
      name: spec.host,
      port: PORT,
      claim: spec.data.claim,
      dataPath: DATA_PATH,
      dataFolder: spec.data.folder,
      secrets: { 'redis.conf': configuration(spec.password) },
      container: { image: spec.image, command: ['redis-server', `${SETTINGS_PATH}/redis.conf`] },
      // What a restore as root has brought must be readable, and the image's own account is not known.
      pod: { securityContext: { runAsUser: 0, runAsGroup: 0 } },
    },
    host,
  );
  const address = { host: spec.host, port: PORT, password: spec.password, outside: server.outside };
  await server.untilReady(async () => {
    if (!(await answers(address))) throw new Error(`no answer at ${server.outside.host}:${server.outside.port}`);
  });
  return await RedisCache.connect(spec.name, address, {
    stop: () => server.stop(),
    erase: () => spec.data.destroy(),
  });
}

function configuration(password: Secret): string {
  return [
    'bind 0.0.0.0',
    'protected-mode no',
    `port ${PORT}`,
    `dir "${DATA_PATH}"`,
    'dbfilename dump.rdb',
    'appendonly no',
    'daemonize no',
    `requirepass "${password.reveal()}"`,
    '',
  ].join('\n');
}
