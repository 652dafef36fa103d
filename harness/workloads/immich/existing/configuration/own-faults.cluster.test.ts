import { cpSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import { dockerWithPostgres } from '../../../../substrates/local/testing/container-image.ts';
import { type LocalForTest, openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { complaintsOf, saidBy, saidOf } from '../testing/complaints.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { type Backup, editDump, FAULTS, type Victim } from '../testing/faults.ts';
import { noRealLibraries, RealLibrary } from '../testing/real-library.ts';

const PASSWORD = 'a password of their own';
const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);

describe.skipIf(missing)(`broken backups${missing ? `: ${missing}` : ''}`, () => {
  let local: LocalForTest;
  let library: RealLibrary;
  let victim: Victim;
  let count = 0;
  const image = typeof lab === 'string' ? '' : lab.image;

  beforeAll(async () => {
    vi.stubEnv('DRILL_POSTGRES_IMAGE', image)
      .stubEnv('OWN_PASSWORD', PASSWORD)
      .stubEnv('OWN_WRONG', 'another password');
    local = await openLocalForTest({
      env: { ...process.env, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image },
    });
    library = await RealLibrary.open('v3.1.0', local, image);
    // Not the oldest of its owner, which the look at readiness reads, too, and in no album, stack or live photo.
    const asset = library.truth.assets.find(({ path }) => path.endsWith('mia/2020/2020-08-15/trip 2.jpg'));
    victim = { id: asset?.id ?? '', path: asset?.path.replace('/data/', '') ?? '' };
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await local?.[Symbol.asyncDispose]();
  });

  async function backup(sql: readonly string[] = []): Promise<Backup> {
    count += 1;
    const media = join(local.folder, `broken-${count}`, 'media');
    cpSync(library.media, media, { recursive: true, preserveTimestamps: true });
    const dump = await library.dumpAsImmich(
      `dumps-${count}`,
      sql.map((line) => line.replace('VICTIM', victim.id)),
    );
    return { media, dumps: join(dump, '..'), dump };
  }

  it('whole, they pass', async () => {
    const { media, dumps } = await backup();
    const result = await drillOwn(local.folder, { library: { folder: media }, database: { folder: dumps } });
    expect(complaintsOf(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });

  it.each(FAULTS)('$name', async (fault) => {
    const broken = await backup(fault.sql);
    await fault.breaks?.(broken, victim);
    const config = { library: { folder: broken.media }, database: { folder: broken.dumps }, ...fault.config };
    const result = await drillOwn(local.folder, config);
    expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(complaintsOf(result)).toEqual(fault.caughtBy.toSorted());
    for (const expected of fault.names(victim)) expect(saidOf(result)).toMatch(expected);
  });

  it('a restic repository that has lost a pack, and one whose password is another', async () => {
    const { media, dumps } = await backup();
    const restic = (await (await openToolbox()).provide('restic')).location;
    const repository = join(local.folder, 'packs');
    const env = { RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: PASSWORD };
    await execa(restic, ['init'], { env });
    await execa(restic, ['backup', media], { env });
    const config = (password: string) => ({
      library: { restic: { repository, password: { env: password } } },
      database: { folder: dumps },
    });
    const shut = await drillOwn(local.folder, config('OWN_WRONG'));
    expect(shut).toMatchObject({
      verdict: 'unknown',
      exitCode: 2,
      failures: [{ code: 'credentials-refused', verdict: 'unknown' }],
    });
    const inside = { ...config('OWN_WRONG'), database: { inLibrary: 'backups' } };
    const both = await drillOwn(local.folder, inside);
    expect(both).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(both.failures.map(({ code }) => code)).toEqual(['credentials-refused', 'library-not-restored']);
    const packs = readdirSync(join(repository, 'data'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.length > 60,
    );
    // The largest holds photos; another would hold the folders, without which there is nothing to restore.
    const sizeOf = (pack: string) => statSync(join(repository, 'data', pack)).size;
    rmSync(join(repository, 'data', packs.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0] ?? ''));
    const lost = await drillOwn(local.folder, config('OWN_PASSWORD'));
    expect(lost).toMatchObject({ verdict: 'fail', exitCode: 1 });
    // What came back all the same is judged file by file.
    expect(saidOf(lost)).toMatch(/asset [0-9a-f-]{36} .* original: .* found /);
  });

  it('a sample sees a file that is missing, and bytes that are wrong among those that it restored', async () => {
    const { media, dumps } = await backup();
    const config = (sample: number) => ({ library: { folder: media, sample }, database: { folder: dumps } });
    const healthy = await drillOwn(local.folder, config(10));
    expect(healthy).toMatchObject({ verdict: 'pass', exitCode: 0, rto: { seconds: null } });
    expect(saidBy(healthy, 'originals')).toMatch(
      /^0 bad of 10 sampled of 49: with 95 % confidence fewer than 26 % are bad/,
    );
    rmSync(join(media, victim.path));
    const missing = await drillOwn(local.folder, config(1));
    expect(missing).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(saidOf(missing)).toMatch(new RegExp(`asset ${victim.id}.*found missing`));
    writeFileSync(join(media, victim.path), Buffer.alloc(13_264));
    const wrong = await drillOwn(local.folder, config(1_000));
    expect(saidOf(wrong)).toMatch(new RegExp(`asset ${victim.id}.*SHA-1`));
  });

  it('a database of something else is unknown, with what was seen', async () => {
    const { media, dumps } = await backup([
      'DROP SCHEMA public CASCADE',
      'CREATE SCHEMA public',
      'CREATE TABLE photo (id int PRIMARY KEY)',
    ]);
    const result = await drillOwn(local.folder, { library: { folder: media }, database: { folder: dumps } });
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(saidOf(result)).toMatch(/not an Immich schema.*1 tables, such as photo/);
  });

  it('a dump that no Postgres here can take is unknown, with what is missing', async () => {
    const { media, dumps, dump } = await backup();
    await editDump(dump, (sql) =>
      sql.replace('CREATE EXTENSION IF NOT EXISTS vector', 'CREATE EXTENSION IF NOT EXISTS vchord'),
    );
    const result = await drillOwn(local.folder, { library: { folder: media }, database: { folder: dumps } });
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2, failures: [{ code: 'postgres-unsuitable' }] });
    expect(saidOf(result)).toMatch(/vchord/);
  });
});
