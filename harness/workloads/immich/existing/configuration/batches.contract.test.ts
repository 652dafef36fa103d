import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { watchDisk } from '../../../../../bench/watch-disk.ts';
import { readJournal } from '../../../../engine/journal.ts';
import type { FileEntry } from '../../../../model/manifest.ts';
import type { RunResult } from '../../../../model/result.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { PASSWORD, SyntheticLibrary } from '../testing/synthetic-library.ts';
import { inBatches } from './in-batches.ts';

const ASSETS = 90;
const MIB = 1024 ** 2;
const ENOUGH = 500 * MIB;
const BATCH_FILES = 70;

interface Seen {
  readonly result: RunResult;
  readonly files: readonly FileEntry[];
  readonly batches: readonly { files: number; usedBytes: number; allUsedBytes: number }[];
}

describe('a library in batches', () => {
  let library: SyntheticLibrary;
  let whole: readonly FileEntry[];

  beforeAll(async () => {
    vi.stubEnv('OWN_PASSWORD', PASSWORD);
    library = await SyntheticLibrary.make(ASSETS);
    whole = (await drill({ library: { folder: library.at('media') } })).files;
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await library?.[Symbol.asyncDispose]();
  });

  async function drill(config: object, batches?: { maxDiskBytes?: number; maxFiles?: number }): Promise<Seen> {
    let seen: Omit<Seen, 'result'> = { files: [], batches: [] };
    const result = await drillOwn(
      library.folder,
      { database: { folder: library.at('dumps') }, ...config },
      ({ run }) => {
        const journal = readJournal(join(run.folder, 'journal.jsonl'));
        seen = { files: filesOf(run.folder), batches: journal.filter(({ event }) => event === 'batch') as never };
      },
      batches &&
        ((name, parsed) =>
          inBatches(name, parsed, undefined, { maxDiskBytes: ENOUGH, maxFiles: BATCH_FILES, asked: {}, ...batches })),
    );
    return { result, ...seen };
  }

  /** It passed, and every file that a restore of all of it gives was seen once, with the same bytes. */
  function expectWhole({ result, files, batches }: Seen): void {
    expect(result.failures).toEqual([]);
    expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0, rto: { seconds: null } });
    expect(result.rto.components.library).toBeUndefined();
    expect(bytesOf(files)).toEqual(bytesOf(whole));
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.reduce((sum, batch) => sum + batch.files, 0)).toBe(files.length);
    const { actual = '' } = result.checks.find(({ name }) => name === 'originals') ?? {};
    expect(actual).toMatch(/^0 bad of \d+ originals, all of them looked at, \d+ SHA-1s right/);
  }

  it('out of a restic repository, newest snapshot or by its id', async () => {
    await library.restic(['init']);
    await library.restic(['backup', library.at('media')]);
    const restic = { repository: library.at('restic'), password: { env: 'OWN_PASSWORD' } };
    const latest = await drill({ library: { restic } }, {});
    expectWhole(latest);
    const id = latest.result.backups.find(({ component }) => component === 'library')?.id;
    expectWhole(await drill({ library: { restic: { ...restic, snapshot: id } } }, {}));
  });

  it('out of a bucket', async () => {
    const bucket = await library.local.substrate.bucket('mirror');
    vi.stubEnv('OWN_KEY', bucket.accessKey.reveal()).stubEnv('OWN_SECRET', bucket.secretKey.reveal());
    await library.copyTo(bucket, 'immich');
    const { name, endpoint } = bucket;
    const keys = { accessKey: { env: 'OWN_KEY' }, secretKey: { env: 'OWN_SECRET' } };
    expectWhole(await drill({ library: { bucket: { name, endpoint, prefix: 'immich', ...keys } } }, {}));
  });

  it('out of a folder, with the dump in the library itself', async () => {
    const media = library.copy('with-dump');
    rmSync(join(media, 'backups'), { recursive: true });
    const backups = `mkdir "$1/backups" && echo now >"$1/backups/.immich" && cp "$2" "$1/backups/immich-db-backup-1790000000000.dump"`;
    await execa('sh', ['-c', backups, 'sh', media, library.at('dumps/immich.dump')]);
    const { result, files } = await drill({ library: { folder: media }, database: { inLibrary: 'backups' } }, {});
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(bytesOf(files).filter((line) => !line.startsWith('backups/'))).toEqual(
      bytesOf(whole).filter((line) => !line.startsWith('backups/')),
    );
  });

  it('out of a tar, which is read where it lies', async () => {
    // A folder of its own, as the command line asks for it: what the runs write is not among the backups.
    const packed = library.at('packed');
    mkdirSync(packed);
    await execa('tar', [
      '--create',
      '--gzip',
      '--file',
      join(packed, 'library.tar.gz'),
      '--directory',
      library.folder,
      './media',
    ]);
    await execa('sh', ['-c', 'sha256sum library.tar.gz > library.tar.gz.sha256'], { cwd: packed });
    expectWhole(await drill({ library: { folder: packed, archive: 'library.tar.gz' } }, {}));
  });

  it('names an original with another byte and one that is missing, in batches of their own', async () => {
    const media = library.copy('broken');
    const originals = whole.filter(({ path }) => /^(upload|library)\/.*\.jpg$/i.test(path));
    const [flipped, missing] = [originals[10]?.path ?? '', originals[Math.floor(originals.length / 2)]?.path ?? ''];
    const bytes = readFileSync(join(media, flipped));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(media, flipped), bytes);
    rmSync(join(media, missing));
    const { result } = await drill({ library: { folder: media } }, {});
    expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
    const { findings = [] } = result.checks.find(({ name }) => name === 'originals') ?? {};
    expect(findings).toHaveLength(2);
    const said = findings.map(({ subject, actual }) => `${subject} ${actual}`).join('\n');
    expect(said).toMatch(new RegExp(`${escaped(flipped)} file of [\\d,]+ bytes, SHA-1`));
    expect(said).toMatch(new RegExp(`${escaped(missing)} missing`));
  });

  it('judges what came back all the same when a repository has lost a pack', async () => {
    const repository = library.at('with-loss');
    await library.restic(['init'], repository);
    await library.restic(['backup', '--pack-size=4', library.at('media')], repository);
    const lose = 'find "$1/data" -type f -printf "%s %p\\n" | sort -n | tail -n 1 | cut -d" " -f2- | xargs rm';
    await execa('sh', ['-c', lose, 'sh', repository]);
    const { result } = await drill({ library: { restic: { repository, password: { env: 'OWN_PASSWORD' } } } }, {});
    expect(result).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      failures: [{ code: 'job-failed', component: 'library' }],
    });
    const { findingCount = 0, actual } = result.checks.find(({ name }) => name === 'originals') ?? {};
    expect(findingCount).toBeGreaterThan(0);
    expect(actual).toMatch(/^\d+ bad of \d+ originals, all of them looked at, [1-9]\d* SHA-1s right/);
  });

  it('stays within the budget, which decides how large the batches are', async () => {
    const config = { library: { folder: library.at('media') } };
    const loose = await drill(config, {});
    const beside = Math.max(...loose.batches.map(({ usedBytes, allUsedBytes }) => allUsedBytes - usedBytes));
    const maxDiskBytes = beside + 2.5 * MIB;
    await using disk = watchDisk('own');
    const tight = await drill(config, { maxDiskBytes, maxFiles: 20_000 });
    expectWhole(tight);
    expect(disk.largestBytes()).toBeGreaterThan(beside * 0.9);
    expect(disk.largestBytes()).toBeLessThanOrEqual(maxDiskBytes);
  });

  it('says how much is needed when the budget is too small for the largest file, or for the database', async () => {
    const config = { library: { folder: library.at('media') } };
    const file = await drill(config, { maxDiskBytes: 200 * 1024 });
    const [largest] = whole.toSorted((a, b) => b.sizeBytes - a.sizeBytes);
    expect(file.result).toMatchObject({
      exitCode: 64,
      failures: [{ code: 'disk-budget-too-small', component: 'library' }],
    });
    expect(file.result.failures[0]?.message).toMatch(
      new RegExp(`${escaped(largest?.path ?? '')}.*needs at least \\d+ MiB`),
    );
    // Nothing was restored for that.
    expect(file.result.timings.some(({ component }) => component === 'database')).toBe(false);
    const database = await drill(config, { maxDiskBytes: 30 * MIB });
    expect(database.result).toMatchObject({
      exitCode: 64,
      failures: [{ code: 'disk-budget-too-small', component: 'database' }],
    });
    expect(database.result.failures[0]?.message).toMatch(/no room for the database .* needs at least \d+ MiB/);
  });
});

function filesOf(run: string): FileEntry[] {
  const file = join(run, 'evidence/after/library/files.ndjson');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as FileEntry).filter(({ type }) => type === 'file');
}

function bytesOf(files: readonly FileEntry[]): string[] {
  return files.map(({ path, sizeBytes, sha1, sha256 }) => `${path} ${sizeBytes} ${sha1} ${sha256}`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
