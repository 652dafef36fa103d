import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Workplace } from '../../../../cli/testing/workplace.ts';
import { expectCaught, namesOf, OwnSabotageBench } from '../testing/own-sabotage-bench.ts';
import type { SyntheticLibrary } from '../testing/synthetic-library.ts';

const MIB = 1024 ** 2;
/** All of the thumbnails, to meet a single one that is none. */
const ALL_IMAGES = 1_000;
/** Of each sort one: the whole of a part, one thing of it, what it holds, and what is kept of it. All of them are tried at night. */
const SOME = [
  'dump-cut',
  'dump-damaged',
  'dump-older',
  'library-emptied',
  'original-missing',
  'original-other-bytes',
  'row-garbled',
];

let bench: OwnSabotageBench;
let library: SyntheticLibrary;
let sql: string;

beforeAll(async () => {
  bench = await OwnSabotageBench.make();
  ({ library, sql } = bench);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await bench?.[Symbol.asyncDispose]();
});

describe("sabotage of a copy of somebody's backup", () => {
  it('tries the ways that fit, and says what a drill of the set-up would not notice', async () => {
    const result = await bench.sabotage({ only: SOME });
    expectCaught(result);
    expect(result.total).toBe(SOME.length);
    expect(result.ways.find(({ name }) => name === 'original-missing')?.by).toBe('originals of library');
    expect(result.ways.find(({ name }) => name === 'dump-older')?.advice).toMatch(/rpo/);
  });

  it('is that of their set-up: a sample misses what all files would show, an objective shows an old dump', async () => {
    const only = ['dump-older', 'original-missing', 'original-other-bytes', 'originals-swapped'];
    const setUp = {
      library: { folder: library.at('media'), sample: 1 },
      objectives: { rto: '1s', components: { database: { rpo: '30d' } } },
    };
    let result = await bench.sabotage({ config: setUp, only });
    // One in some forty samples is the very file that was harmed.
    if (result.exitCode === 0) result = await bench.sabotage({ config: setUp, only });
    expect(result).toMatchObject({ trouble: '', healthy: { passed: true }, exitCode: 1 });
    expect(namesOf(result, 'caught')).toEqual(expect.arrayContaining(['dump-older', 'original-missing']));
    // A single file is not among both.
    const missed = result.ways.filter(({ outcome }) => outcome === 'missed');
    expect(missed.length).toBeGreaterThan(0);
    for (const { advice } of missed) expect(advice).toMatch(/`sample`/);
  });

  it('is fetched out of a bucket, too, which is left as it was', async () => {
    const bucket = await library.local.substrate.bucket('mirror');
    vi.stubEnv('OWN_KEY', bucket.accessKey.reveal()).stubEnv('OWN_SECRET', bucket.secretKey.reveal());
    await library.copyTo(bucket, 'immich');
    const { name, endpoint } = bucket;
    const keys = { accessKey: { env: 'OWN_KEY' }, secretKey: { env: 'OWN_SECRET' } };
    const mirror = { bucket: { name, endpoint, prefix: 'immich', ...keys } };
    const only = ['avatar-is-error-page', 'dump-cut', 'original-missing'];
    const result = await bench.sabotage({ config: { library: mirror, images: ALL_IMAGES }, only });
    expect(result).toMatchObject({ trouble: '', healthy: { passed: true }, total: 3, caught: 3, exitCode: 0 });
  });

  it('may have its dump in the library, which may be an archive with a checksum', async () => {
    const media = library.copy('with-dump');
    await execa('cp', [
      '--archive',
      join(sql, 'immich.sql.gz'),
      join(media, 'backups/immich-db-backup-1790000000000.sql.gz'),
    ]);
    mkdirSync(library.at('packed'));
    await execa('tar', [
      '--create',
      '--gzip',
      '--file',
      library.at('packed/library.tar.gz'),
      '--directory',
      media,
      '.',
    ]);
    await execa('sh', ['-c', 'sha256sum library.tar.gz >SHA256SUMS'], { cwd: library.at('packed') });
    const only = ['archive-cut', 'archive-damaged', 'checksum-wrong', 'dump-emptied', 'original-missing'];
    const packed = { folder: library.at('packed'), archive: 'library.tar.gz' };
    const result = await bench.sabotage({ config: { library: packed, database: { inLibrary: 'backups' } }, only });
    expect(result).toMatchObject({ trouble: '', healthy: { passed: true }, total: only.length, exitCode: 0 });
    expect(namesOf(result, 'caught')).toEqual(only.toSorted());
  });

  it('has no score when it does not pass as it is, and none when it is too large', async () => {
    const small = await bench.sabotage({ config: { atLeast: { assets: 10_000 } }, only: ['original-missing'] });
    expect(small).toMatchObject({ exitCode: 2, killScore: null, total: 0, healthy: { passed: false } });
    expect(small.trouble).toMatch(/does not pass.*minimums of database/);
    const large = await bench.sabotage({ only: ['original-missing'], maxBytes: MIB });
    expect(large).toMatchObject({ exitCode: 64, killScore: null, copied: null, healthy: null });
    expect(large.trouble).toMatch(/it has [\d.]+ MiB in \d+ files, and a copy may have 1\.0 MiB.*--max-size \d+MiB/);
  });

  it('is a command, which writes its reports and leaves nothing behind', async () => {
    using place = new Workplace();
    const config = `drills: { mine: { workload: immich, library: { folder: ${library.at('media')} }, database: { folder: ${sql} } } }`;
    writeFileSync(join(place.folder, 'drills.config.yaml'), config);
    const sabotage = (...args: string[]) => place.run(['sabotage', 'mine', '--config', 'drills.config.yaml', ...args]);

    const ran = await sabotage('--only', 'original-missing,dump-older', '--jobs', '2');
    expect(ran.stdout).toMatch(/FAIL {2}1 of 2 ways were caught \(50 %\); 1 would go unnoticed: dump-older\./);
    expect(ran.stdout).toMatch(/original-missing +caught +originals of library/);
    expect(ran.stdout).toMatch(/dump-older\n.*Set an objective/s);
    expect(ran.stderr).toMatch(/[12]\/2 caught +original-missing/);
    expect(ran.exitCode).toBe(1);
    const [folder = ''] = readdirSync(join(place.folder, 'runs'));
    expect(readdirSync(join(place.folder, 'runs', folder))).toEqual(
      expect.arrayContaining(['restore-drill.sabotage.mine.prom', 'sabotage.html', 'sabotage.json', 'sabotage.md']),
    );
    expect(place.leftFolders()).toEqual([]);

    const unknown = await sabotage('--only', 'nothing-of-the-kind');
    expect(unknown).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('choose among: archive-cut') });
    const elsewhere = await sabotage('--on', 'kind');
    expect(elsewhere).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('restores elsewhere') });
    const ofMatrix = await sabotage('--once', '--random', '3');
    expect(ofMatrix).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('--once, --random is for') });
  });
});
