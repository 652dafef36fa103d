import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLocal } from '../../../../cli/open-substrate.ts';
import { Workplace } from '../../../../cli/testing/workplace.ts';
import { sabotageOwn } from '../../../../existing/sabotage/sabotage-own.ts';
import type { OwnSabotageResult } from '../../../../model/own-sabotage-result.ts';
import { existing } from '../../existing.ts';
import { SyntheticLibrary } from '../testing/synthetic-library.ts';
import { sabotages } from './sabotages.ts';

const ASSETS = 40;
const MIB = 1024 ** 2;
const ENOUGH = 500 * MIB;
/** Enough to meet one of many thumbnails that are none, and all of them to meet a single one. */
const SOME_IMAGES = 12;
const ALL_IMAGES = 1_000;
/** More than forty drills, on a machine that may be busy. */
const ALL_WAYS_MS = 900_000;

/** What a drill without any setting of its own lets pass today: whoever teaches it to see one takes it out of here. */
const MISSED = ['dump-older'];

let library: SyntheticLibrary;
let sql: string;

beforeAll(async () => {
  library = await SyntheticLibrary.make(ASSETS);
  sql = await library.asSql('sql');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await library?.[Symbol.asyncDispose]();
});

async function sabotaged(config: object, only: readonly string[] = [], maxBytes = ENOUGH): Promise<OwnSabotageResult> {
  const ways = (await sabotages.ways()).filter(({ name }) => only.length === 0 || only.includes(name));
  expect(ways.length).toBeGreaterThanOrEqual(Math.max(1, only.length));
  const parsed = existing.schema.parse({
    ...{ workload: 'immich', library: { folder: library.at('media') }, database: { folder: sql }, images: SOME_IMAGES },
    ...config,
  });
  return await sabotageOwn('mine', { config: parsed, plugIn: existing }, existing.sabotages ?? sabotages, {
    ...{ ways, maxBytes, jobs: 2, runsFolder: library.at('runs'), signal: new AbortController().signal },
    listener: { note: () => {}, planned: () => {}, way: () => {} },
    openSubstrate: openLocal({ s3: 'versitygw', onNote: () => {} }),
  });
}

async function allBut(name: string): Promise<string[]> {
  return (await sabotages.ways()).map((way) => way.name).filter((one) => one !== name);
}

function namesOf({ ways }: OwnSabotageResult, outcome: string): string[] {
  return ways
    .filter((way) => way.outcome === outcome)
    .map(({ name }) => name)
    .toSorted();
}

describe("sabotage of a copy of somebody's backup", () => {
  it(
    'tries every way that fits, and says what a drill of the set-up would not notice',
    async () => {
      const result = await sabotaged({}, await allBut('avatar-is-error-page'));
      expect(result.trouble).toBe('');
      expect(result.healthy).toMatchObject({ passed: true, why: '' });
      expect({ missed: namesOf(result, 'missed'), noticed: namesOf(result, 'noticed') }).toEqual({
        missed: MISSED,
        noticed: [],
      });
      expect(result.total).toBeGreaterThan(30);
      expect(result).toMatchObject({ exitCode: 1, caught: result.total - MISSED.length });
      expect(result.killScore).toBeCloseTo((100 * result.caught) / result.total);
      for (const { outcome, by, said } of result.ways)
        expect(outcome === 'missed' || (by !== '' && said !== '')).toBe(true);
      expect(result.ways.find(({ name }) => name === 'original-missing')?.by).toBe('originals of library');
      expect(result.ways.find(({ name }) => name === 'dump-older')?.advice).toMatch(/rpo/);
      expect(result.notApplicable.map(({ name }) => name)).toContain('checksum-wrong');
    },
    ALL_WAYS_MS,
  );

  it('is that of their set-up: a sample misses what all files would show, an objective shows an old dump', async () => {
    const only = ['dump-older', 'original-missing', 'original-other-bytes', 'originals-swapped'];
    const setUp = {
      library: { folder: library.at('media'), sample: 1 },
      objectives: { rto: '1s', components: { database: { rpo: '30d' } } },
    };
    let result = await sabotaged(setUp, only);
    // One in some forty samples is the very file that was harmed.
    if (result.exitCode === 0) result = await sabotaged(setUp, only);
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
    const result = await sabotaged({ library: mirror, images: ALL_IMAGES }, only);
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
    const result = await sabotaged({ library: packed, database: { inLibrary: 'backups' } }, only);
    expect(result).toMatchObject({ trouble: '', healthy: { passed: true }, total: only.length, exitCode: 0 });
    expect(namesOf(result, 'caught')).toEqual(only.toSorted());
  });

  it('has no score when it does not pass as it is, and none when it is too large', async () => {
    const small = await sabotaged({ atLeast: { assets: 10_000 } }, ['original-missing']);
    expect(small).toMatchObject({ exitCode: 2, killScore: null, total: 0, healthy: { passed: false } });
    expect(small.trouble).toMatch(/does not pass.*minimums of database/);
    const large = await sabotaged({}, ['original-missing'], MIB);
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
