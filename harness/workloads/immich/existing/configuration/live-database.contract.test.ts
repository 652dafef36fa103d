import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openWorld, type WorldForTest } from '../../../../../fixtures/immich/testing/open-world.ts';
import { openLocal } from '../../../../cli/open-substrate.ts';
import type { RunOptions } from '../../../../engine/engine.ts';
import type { RunResult } from '../../../../model/result.ts';
import type { Substrate } from '../../../../model/substrate.ts';
import type { Database } from '../../../../model/target.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { use } from '../testing/use.ts';

const PASSWORD = `it's "secret"`;
const HERE = openLocal({ s3: 'versitygw', onNote: () => {} });
/** The rows of every table, and how many were ever written to it, which servers say a moment later. */
const WRITTEN = `SELECT relname AS name, n_tup_ins::int AS inserted, n_tup_upd::int AS updated, n_tup_del::int AS deleted,
    (xpath('//c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.%I', schemaname, relname), true, true, '')))[1]::text::int AS rows
  FROM pg_stat_user_tables ORDER BY schemaname, relname`;

interface Written {
  readonly name: string;
  readonly rows: number;
  readonly inserted: number;
  readonly deleted: number;
}
const NEW = 'upload/new.jpg';

/** A substrate of this machine on which something happens as soon as the database is dumped. */
function onceDumped(happen: () => void, untrusted = true): RunOptions['openSubstrate'] {
  return async (context) => {
    const substrate = await HERE({ ...context, untrusted });
    return new Proxy(substrate, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'run') return typeof value === 'function' ? value.bind(target) : value;
        return async (...args: Parameters<Substrate['run']>) => {
          const report = await target.run(...args);
          if (report.name === 'database.dump') happen();
          return report;
        };
      },
    });
  };
}

describe('an Immich that runs', () => {
  let folder: string;
  let world: WorldForTest;
  let live: Database;
  let media: string;

  beforeAll(async () => {
    vi.stubEnv('LIVE_PASSWORD', PASSWORD).stubEnv('LIVE_WRONG', 'another password');
    folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
    world = await openWorld({ assets: 40, users: 3, seed: 1, photoKib: 32 });
    live = world.world.database('database');
    await use(live);
    media = world.world.volume('library').path;
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

  async function drill(
    server: object = {},
    open?: RunOptions['openSubstrate'],
    library: object = { folder: media },
  ): Promise<RunResult> {
    const password = { env: 'LIVE_PASSWORD' };
    const database = { server: { host: '127.0.0.1', port: live.port, user: 'backup_reader', password, ...server } };
    return await drillOwn(folder, { library, database }, undefined, undefined, open);
  }

  const notPassed = ({ checks }: RunResult) =>
    checks.filter(({ verdict }) => verdict !== 'pass').map(({ name, verdict }) => `${name}: ${verdict}`);

  it('passes, and nothing is written to its database', async () => {
    const written = () => live.query<Written>(WRITTEN);
    const late = async () => (await written()).filter(({ rows, inserted, deleted }) => inserted - deleted < rows);
    await expect.poll(late, { timeout: 30_000 }).toEqual([]);
    const before = await written();
    const result = await drill();
    expect(result.failures).toEqual([]);
    expect(notPassed(result)).toEqual([]);
    expect(result.verdict).toBe('pass');
    expect(await written()).toEqual(before);
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(result.rpo).toMatchObject({ seconds: null, components: { database: { seconds: null } } });
    expect(result.notTested.map(({ what }) => what)).toContain(
      'whether there are backups of the database, and how old they are',
    );
    const [database, library] = result.backups;
    expect([database?.component, library?.component]).toEqual(['database', 'library']);
    expect(Date.parse(database?.startedAt ?? '')).toBeGreaterThan(Date.parse(result.run.startedAt));
  });

  it.each([
    ['a password that is another', { password: { env: 'LIVE_WRONG' } }, 'credentials-refused', /"backup_reader" in/],
    ['an account that is not there', { user: 'nobody' }, 'credentials-refused', /"nobody" in/],
    ['a database that is not there', { database: 'photos' }, 'database-missing', /no database "photos"/],
  ])('%s says nothing of the backup', async (_, server, code, message) => {
    const result = await drill(server);
    expect(result.verdict).toBe('unknown');
    expect(result.failures).toMatchObject([{ component: 'database', code, message: expect.stringMatching(message) }]);
  });

  it('a server that is not there says nothing of the backup', async () => {
    const nobody = createServer();
    await new Promise<void>((resolve) => void nobody.listen(0, '127.0.0.1', resolve));
    const { port } = nobody.address() as { port: number };
    await new Promise((resolve) => void nobody.close(resolve));
    const result = await drill({ port });
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(result.failures).toMatchObject([{ component: 'database', code: 'source-unreachable' }]);
  });

  it('an account that may not read a table makes no backup tonight either', async () => {
    const result = await drill({ user: 'partial' });
    expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(result.failures).toMatchObject([
      { component: 'database', code: 'database-unreadable', message: expect.stringContaining('public.asset_exif') },
    ]);
    expect(result.failures[0]?.next).toContain('GRANT pg_read_all_data TO partial');
  });

  it('what is uploaded after the dump is new, though its time is that of the photo', async () => {
    const upload = () => {
      mkdirSync(join(media, NEW, '..'), { recursive: true });
      writeFileSync(join(media, NEW), 'a photo');
      utimesSync(join(media, NEW), 1e9, 1e9);
    };
    const result = await drill({}, onceDumped(upload, false));
    rmSync(join(media, NEW));
    expect(notPassed(result)).toEqual([]);
    expect(result.verdict).toBe('pass');
    expect(result.notTested.map(({ what }) => what)).toContain(`that nothing of this drill has written to ${media}`);
    // Without the lists of before and after nothing tells it from a file that has lost its row.
    writeFileSync(join(media, NEW), 'a photo');
    utimesSync(join(media, NEW), 1e9, 1e9);
    const lost = await drill();
    rmSync(join(media, NEW));
    expect(notPassed(lost)).toEqual(['files-to-rows: fail']);
  });

  it('what is deleted after the dump is no loss, and nothing is known of it', async () => {
    const [row] = await live.query<{ path: string }>(`SELECT "originalPath" AS path FROM asset
      WHERE "originalPath" LIKE '%.jpg' AND "originalPath" LIKE '%/upload/%' ORDER BY id LIMIT 1`);
    const original = join(media, (row?.path ?? '').replace(/^.*?\/(?=upload\/)/, ''));
    const result = await drill(
      {},
      onceDumped(() => renameSync(original, join(folder, 'deleted'))),
    );
    renameSync(join(folder, 'deleted'), original);
    expect(result.verdict).toBe('unknown');
    expect(notPassed(result)).toContain('originals: unknown');
    expect(notPassed(result).filter((one) => one.endsWith('fail'))).toEqual([]);
  });
});
