import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkloadServer } from '../../../model/server.ts';
import { API_PORT, PING } from './api.ts';

const PROGRAM = readFileSync(join(import.meta.dirname, 'stand-in.pl'), 'utf8');

/** Answers a small part of Immich's API from the restored rows and files, where the real server cannot be had. */
export const STAND_IN: WorkloadServer = {
  name: 'immich-stand-in',
  title: 'a stand-in, not the Immich server',
  runs: { program: 'perl', args: ['-e', PROGRAM], calls: { PSQL: 'psql' } },
  port: API_PORT,
  volumes: (world) => [{ volume: world.volume('library'), readOnly: true }],
  env: (world, { host, port }) => {
    const database = world.database('database');
    return {
      LISTEN_HOST: host,
      LISTEN_PORT: String(port),
      MEDIA_VOLUME: world.volume('library').path,
      PGHOST: database.host,
      PGPORT: String(database.port),
      PGUSER: database.user,
      PGDATABASE: database.database,
      PGPASSWORD: database.password,
      PGCLIENTENCODING: 'UTF8',
    };
  },
  probe: PING,
  writes: false,
};
