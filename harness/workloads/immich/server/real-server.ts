import type { WorkloadServer } from '../../../model/server.ts';
import { MEDIA_ROOT } from '../layout.ts';
import { API_PORT, PING } from './api.ts';

/** The real server by its image, on everything that was restored. It notes its own start in the database, and moves queues on. */
export function realServer(image: string): WorkloadServer {
  return {
    name: 'immich-server',
    title: image,
    runs: { image },
    port: API_PORT,
    volumes: (world) => [{ volume: world.volume('library'), at: MEDIA_ROOT }],
    env: (world, { host, port }) => {
      const database = world.database('database');
      const redis = world.cache('redis');
      return {
        IMMICH_HOST: host,
        IMMICH_PORT: String(port),
        IMMICH_MEDIA_LOCATION: MEDIA_ROOT,
        DB_HOSTNAME: database.host,
        DB_PORT: String(database.port),
        DB_USERNAME: database.user,
        DB_PASSWORD: database.password,
        DB_DATABASE_NAME: database.database,
        DB_VECTOR_EXTENSION: 'pgvector',
        REDIS_HOSTNAME: redis.host,
        REDIS_PORT: String(redis.port),
        REDIS_PASSWORD: redis.password,
      };
    },
    probe: PING,
    writes: true,
  };
}
