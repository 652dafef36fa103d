import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openWorld, type WorldForTest } from '../../../../../fixtures/immich/testing/open-world.ts';
import type { Database } from '../../../../model/target.ts';
import { drillOwn } from '../testing/drill-own.ts';

const PASSWORD = `it's "secret"`;
const WRITTEN = `SELECT relname, n_tup_ins, n_tup_upd, n_tup_del, n_live_tup
  FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY relname`;

describe('an Immich that runs', () => {
  let folder: string;
  let world: WorldForTest;
  let live: Database;

  beforeAll(async () => {
    vi.stubEnv('LIVE_PASSWORD', PASSWORD).stubEnv('LIVE_WRONG', 'another password');
    folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
    world = await openWorld({ assets: 8, users: 3, seed: 1, photoKib: 32 });
    live = world.world.database('database');
    for (const role of ['backup_reader', 'partial'])
      await live.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'`);
    await live.query('GRANT pg_read_all_data TO backup_reader');
    await live.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO partial');
    await live.query('GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO partial');
    await live.query('REVOKE SELECT ON asset_exif FROM partial');
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await world?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  async function drill(change: object = {}, more: object = {}) {
    const password = { env: 'LIVE_PASSWORD' };
    const server = { host: '127.0.0.1', port: live.port, user: 'backup_reader', password, ...change };
    const config = { library: { folder: world.world.volume('library').path }, database: { server }, ...more };
    return await drillOwn(folder, config);
  }

  it('passes, and nothing is written to its database', async () => {
    const before = await live.query(WRITTEN);
    const result = await drill();
    expect(result.failures).toEqual([]);
    expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(result.verdict).toBe('pass');
    expect(await live.query(WRITTEN)).toEqual(before);
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});
