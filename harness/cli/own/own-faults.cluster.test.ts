import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunResult } from '../../model/result.ts';
import { dockerWithPostgres } from '../../substrates/local/testing/container-image.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { openToolbox } from '../../tools/toolbox/toolbox.ts';
import { drillOwn } from './testing/drill-own.ts';
import { noRealLibraries, RealLibrary } from './testing/real-library.ts';

const PASSWORD = 'a password of their own';
const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);

/** A backup of a real library as it lies in two folders, to be broken. */
interface Backup {
  readonly media: string;
  readonly dumps: string;
  readonly dump: string;
}

/** What a broken backup must be found out by: a check, or the restore itself, and what must be named. */
interface Fault {
  readonly name: string;
  /** SQL that is run before the dump is made. */
  readonly sql?: readonly string[];
  breaks?(backup: Backup, victim: Victim): void | Promise<void>;
  readonly config?: object;
  /** Checks that fail; `restore` when it is the restore that does. */
  readonly caughtBy: readonly string[];
  names(victim: Victim): readonly RegExp[];
}

interface Victim {
  readonly id: string;
  readonly path: string;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'a dump whose bytes were damaged',
    breaks: ({ dump }) => {
      const bytes = readFileSync(dump);
      bytes.fill(0xa5, bytes.length >> 1, (bytes.length >> 1) + 64);
      writeFileSync(dump, bytes);
    },
    caughtBy: ['restore'],
    names: () => [/gzip/],
  },
  {
    name: 'a dump that was cut before its keys and packed again',
    breaks: ({ dump }) =>
      editDump(dump, (sql) => sql.slice(0, sql.indexOf('ADD CONSTRAINT')).replace(/\n[^\n]*\n[^\n]*$/, '\n')),
    caughtBy: ['dump of database', 'version of database'],
    names: () => [/dump ends before it: it was cut/, /foreign key activity_albumId_fkey/],
  },
  {
    name: 'one row that was garbled',
    breaks: ({ dump }) =>
      editDump(dump, (sql) => sql.replace(/(COPY public\.asset_exif .*\n)/, '$1garbled\tby\ta\tbad\tdisk\n')),
    caughtBy: ['restore'],
    names: () => [/asset_exif/],
  },
  {
    name: 'a faithful dump of an emptied database',
    sql: ['TRUNCATE "user", asset CASCADE'],
    caughtBy: ['floors of database', 'files-to-rows of library', 'ready of all'],
    names: () => [/users: expected at least 1, found 0/, /library\/.*: expected a row that speaks of it/],
  },
  {
    name: 'a dump without some of its assets, keys and all in order',
    sql: [`DELETE FROM asset WHERE id = 'VICTIM'`],
    caughtBy: ['files-to-rows of library'],
    names: (victim) => [new RegExp(escaped(victim.path))],
  },
  {
    name: 'an original that somebody has removed',
    breaks: ({ media }, { path }) => rmSync(join(media, path)),
    caughtBy: ['originals of library'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*found missing`)],
  },
  {
    name: 'an original with other bytes of the same size and time',
    breaks: ({ media }, { path }) => {
      const file = join(media, path);
      const bytes = readFileSync(file);
      bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1;
      writeFileSync(file, bytes);
      utimesSync(file, new Date('2022-01-01'), new Date('2022-01-01'));
    },
    caughtBy: ['originals of library'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*SHA-1`)],
  },
  {
    name: 'folders that were left out, with their markers',
    breaks: ({ media }) => {
      for (const folder of ['thumbs', 'encoded-video']) rmSync(join(media, folder), { recursive: true });
    },
    caughtBy: ['markers of library', 'ready of all'],
    names: () => [/thumbs\/\.immich: expected a file, found missing/],
  },
  {
    name: 'paths that were moved to another root by halves',
    sql: [
      `UPDATE asset SET "originalPath" = replace("originalPath", '/data/', '/usr/src/app/upload/') WHERE id = 'VICTIM'`,
    ],
    caughtBy: ['media-root of database'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*expected a path below /data`)],
  },
  {
    name: 'paths that lead out of every root',
    sql: [`UPDATE asset SET "originalPath" = replace("originalPath", '/data/', '/mnt/old/') WHERE id = 'VICTIM'`],
    caughtBy: ['media-root of database', 'originals of library', 'files-to-rows of library'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*below none that is known`)],
  },
  {
    name: 'files that were backed up before the database, not after it',
    sql: [`UPDATE asset SET "createdAt" = now() + interval '1 day' WHERE id = 'VICTIM'`],
    breaks: ({ media }, { path }) => rmSync(join(media, path)),
    caughtBy: ['originals of library'],
    names: (victim) => [new RegExp(`asset ${victim.id}.*uploaded .* after the files were backed up`)],
  },
  {
    name: 'a migration that never ran',
    sql: [`DELETE FROM kysely_migrations WHERE name = '1752759108283-ConvertToAbsolutePaths'`],
    caughtBy: ['version of database'],
    names: () => [/migration 1752759108283-ConvertToAbsolutePaths/],
  },
  {
    name: 'a preview that is no image any more',
    breaks: ({ media }) => {
      const previews = readdirSync(join(media, 'thumbs'), { recursive: true, encoding: 'utf8' });
      for (const preview of previews.filter((path) => path.endsWith('_preview.jpeg')))
        truncateSync(join(media, 'thumbs', preview), 900);
    },
    config: { images: 1_000 },
    caughtBy: ['images of library'],
    names: () => [/_preview\.jpeg: expected an image that can be decoded/],
  },
  {
    name: 'a backup that stopped long ago',
    breaks: ({ dump }) => utimesSync(dump, new Date('2026-11-01'), new Date('2026-11-01')),
    config: { objectives: { components: { database: { rpo: '1s' } } } },
    caughtBy: ['objectives of all'],
    names: () => [/RPO of database/],
  },
  {
    name: 'a folder that is not mounted',
    breaks: ({ media }) => {
      rmSync(media, { recursive: true });
      mkdirSync(media);
    },
    caughtBy: ['restore'],
    names: () => [/no library is in it/],
  },
];

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
    expect(saidOf(result)).toMatch(/none of an Immich.*1 tables, such as photo/);
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

function editDump(dump: string, edit: (sql: string) => string): void {
  const before = gunzipSync(readFileSync(dump)).toString('utf8');
  const after = edit(before);
  if (after === before) throw new Error('the dump was not changed');
  writeFileSync(dump, gzipSync(after));
}

/** What went wrong: checks by name and component, and `restore` for a restore that failed. */
function complaintsOf(result: RunResult): string[] {
  const failed = result.checks.filter(({ verdict }) => verdict === 'fail');
  const restores = result.failures.length > 0 ? ['restore'] : [];
  return [...failed.map(({ name, component }) => `${name} of ${component}`), ...restores].toSorted();
}

function saidBy(result: RunResult, check: string): string {
  return result.checks.find(({ name }) => name === check)?.actual ?? '';
}

/** Everything that a run says of what is wrong. */
function saidOf(result: RunResult): string {
  const findings = result.checks.flatMap((check) => check.findings);
  const failures = result.failures.map(({ message, tail }) => `${message} ${tail}`);
  return [
    ...findings.map(({ subject, expected, actual }) => `${subject}: expected ${expected}, found ${actual}`),
    ...failures,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
