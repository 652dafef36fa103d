import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import { dockerWithPostgres } from '../../../../substrates/local/testing/container-image.ts';
import { BrokenLibrary } from '../testing/broken-library.ts';
import { complaintsOf, saidBy, saidOf } from '../testing/complaints.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { editDump, FAULTS } from '../testing/faults.ts';
import { FURTHER_FAULTS } from '../testing/further-faults.ts';
import { noRealLibraries } from '../testing/real-library.ts';

const PASSWORD = 'a password of their own';
/** One of every class; the nights try all of them. */
const CORE = [
  'a table without its primary key',
  'an asset that went with what counts it',
  'maintenance mode',
  'after a run with all of it, album_asset without its rows',
  'profile images that are garbage',
  'thumbnails of other photos',
  'an original that was moved',
  'a dump of nothing, the newest of two',
  'rows of a table that an earlier dump had',
  'a dump of months ago whose file is of today',
];

const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);

describe.skipIf(missing)(`broken backups${missing ? `: ${missing}` : ''}`, () => {
  let broken: BrokenLibrary;
  const image = typeof lab === 'string' ? '' : lab.image;

  beforeAll(async () => {
    vi.stubEnv('DRILL_POSTGRES_IMAGE', image)
      .stubEnv('OWN_PASSWORD', PASSWORD)
      .stubEnv('OWN_WRONG', 'another password');
    broken = await BrokenLibrary.open('v3.1.0', image);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await broken?.[Symbol.asyncDispose]();
  });

  it('whole, they pass', async () => {
    const result = await broken.drill(await broken.backup());
    expect(complaintsOf(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });

  it.each(FAULTS)('$name', async (fault) => {
    const backup = await broken.backup(fault.sql);
    await fault.breaks?.(backup, broken.victim);
    const result = await broken.drill(backup, fault.config);
    expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(complaintsOf(result)).toEqual(fault.caughtBy.toSorted());
    for (const expected of fault.names(broken.victim)) expect(saidOf(result)).toMatch(expected);
  });

  it.each(FURTHER_FAULTS.filter(({ name }) => CORE.includes(name)))('$name', (fault) => broken.expectFound(fault));

  it('a restic repository that has lost a pack, and one whose password is another', async () => {
    const { media, dumps } = await broken.backup();
    const restic = (await (await openToolbox()).provide('restic')).location;
    const repository = join(broken.folder, 'packs');
    const env = { RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: PASSWORD };
    await execa(restic, ['init'], { env });
    await execa(restic, ['backup', media], { env });
    const config = (password: string) => ({
      library: { restic: { repository, password: { env: password } } },
      database: { folder: dumps },
    });
    const shut = await drillOwn(broken.folder, config('OWN_WRONG'));
    expect(shut).toMatchObject({
      verdict: 'unknown',
      exitCode: 2,
      failures: [{ code: 'credentials-refused', verdict: 'unknown' }],
    });
    const inside = { ...config('OWN_WRONG'), database: { inLibrary: 'backups' } };
    const both = await drillOwn(broken.folder, inside);
    expect(both).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(both.failures.map(({ code }) => code)).toEqual(['credentials-refused', 'library-not-restored']);
    const packs = readdirSync(join(repository, 'data'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.length > 60,
    );
    // The largest holds photos; another would hold the folders, without which there is nothing to restore.
    const sizeOf = (pack: string) => statSync(join(repository, 'data', pack)).size;
    rmSync(join(repository, 'data', packs.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0] ?? ''));
    const lost = await drillOwn(broken.folder, config('OWN_PASSWORD'));
    expect(lost).toMatchObject({ verdict: 'fail', exitCode: 1 });
    // What came back all the same is judged file by file.
    expect(saidOf(lost)).toMatch(/asset [0-9a-f-]{36} .* original: .* found /);
  });

  it('a sample sees a file that is missing, and bytes that are wrong among those that it restored', async () => {
    const { media, dumps } = await broken.backup();
    const config = (sample: number) => ({ library: { folder: media, sample }, database: { folder: dumps } });
    const healthy = await drillOwn(broken.folder, config(10));
    expect(healthy).toMatchObject({ verdict: 'pass', exitCode: 0, rto: { seconds: null } });
    expect(saidBy(healthy, 'originals')).toMatch(
      /^0 bad of 10 sampled of 49: with 95 % confidence fewer than 26 % are bad/,
    );
    rmSync(join(media, broken.victim.path));
    const missing = await drillOwn(broken.folder, config(1));
    expect(missing).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(saidOf(missing)).toMatch(new RegExp(`asset ${broken.victim.id}.*found missing`));
    writeFileSync(join(media, broken.victim.path), Buffer.alloc(13_264));
    const wrong = await drillOwn(broken.folder, config(1_000));
    expect(saidOf(wrong)).toMatch(new RegExp(`asset ${broken.victim.id}.*SHA-1`));
  });

  it('a database of something else is unknown, with what was seen', async () => {
    const { media, dumps } = await broken.backup([
      'DROP SCHEMA public CASCADE',
      'CREATE SCHEMA public',
      'CREATE TABLE photo (id int PRIMARY KEY)',
    ]);
    const result = await drillOwn(broken.folder, { library: { folder: media }, database: { folder: dumps } });
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(saidOf(result)).toMatch(/not an Immich schema.*1 tables, such as photo/);
  });

  it('a dump that no Postgres here can take is unknown, with what is missing', async () => {
    const { media, dumps, dump } = await broken.backup();
    await editDump(dump, (sql) =>
      sql.replace('CREATE EXTENSION IF NOT EXISTS vector', 'CREATE EXTENSION IF NOT EXISTS vchord'),
    );
    const result = await drillOwn(broken.folder, { library: { folder: media }, database: { folder: dumps } });
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2, failures: [{ code: 'postgres-unsuitable' }] });
    expect(saidOf(result)).toMatch(/vchord/);
  });
});
