import { expect, it } from 'vitest';
import type { BackupPath, Receipt } from '../harness/model/path.ts';
import { pgDump } from '../harness/paths/pg-dump.ts';
import { tar } from '../harness/paths/tar.ts';
import { runForTest } from '../harness/run/testing/run-for-test.ts';
import { LIBRARY, smallImmich, smallImmichWith } from './testing/small-immich.ts';
import { afterBackup, afterRestore, withSteps } from './testing/tamper.ts';
import { checkOf, expectFailed, subjectsOf } from './testing/verdicts.ts';

const DAY_MS = 86_400_000;
const MARKER = 'thumbs/.immich';

/** What Immich brings along whether it holds a library or not. */
const STATIC_TABLES = ['geodata_places', 'naturalearth_countries', 'kysely_migrations', 'kysely_migrations_lock'];

it('a dump that was cut after its data, which psql takes without a word, and a folder without its marker', async () => {
  const plain = pgDump({ format: 'plain' });
  const database: BackupPath<'postgres'> = {
    ...plain,
    restore: (context) =>
      plain.restore(
        withSteps(context, (step, scratch) => {
          if (step.program !== 'psql') return [step];
          // The line before the first key names its table: without both, the dump ends with the last of its data.
          const cut = `sed -i -e '/ADD CONSTRAINT/,$d' "$1" && sed -i '$d' "$1"`;
          return [{ program: 'sh', args: ['-c', cut, 'sh', `${scratch}/database.sql`] }, step];
        }),
      ),
  };
  const library = afterRestore(tar(), ({ target }) => target.remove(MARKER));
  const result = await runForTest(smallImmichWith({ library, database }));

  expect(checkOf(result, 'rows').verdict).toBe('pass');
  expect(checkOf(result, 'inventory').verdict).toBe('pass');
  const lost = checkOf(result, 'schema');
  expect(lost.findingCount).toBeGreaterThan(300);
  expect(lost.findings).toContainEqual(
    expect.objectContaining({
      subject: 'constraint album_asset_pkey on album_asset on album_asset',
      actual: 'missing',
    }),
  );
  expect(subjectsOf(result, 'markers')).toEqual([MARKER]);
  expect(checkOf(result, 'ready').actual).toContain(`${MARKER} is missing`);
  expectFailed(result, [
    'schema of database',
    'markers of library',
    'files of library',
    'file-attributes of library',
    'ready of all',
  ]);
});

it('a dump of an empty library, large with geodata', async () => {
  const dump = pgDump();
  const sizes: number[] = [];
  const database: BackupPath<'postgres'> = {
    ...dump,
    backup: async (context) => {
      const tables = await context.source.query<{ name: string }>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
      );
      const empty = tables.filter(({ name }) => !STATIC_TABLES.includes(name));
      const without = empty.map(({ name }) => `--exclude-table-data=public."${name}"`);
      const receipt = await dump.backup(
        withSteps(context, (step) =>
          step.program === 'pg_dump' ? [{ ...step, args: [...step.args, ...without] }] : [step],
        ),
      );
      sizes.push(receipt.objects[0]?.sizeBytes ?? 0);
      return receipt;
    },
  };
  const result = await runForTest(smallImmichWith({ database }));

  expect(sizes[0]).toBeGreaterThan(100_000);
  expect(subjectsOf(result, 'rows')).toEqual(
    expect.arrayContaining(['table album', 'table asset', 'table asset_exif']),
  );
  expect(subjectsOf(result, 'rows')).not.toContain('table geodata_places');
  expect(subjectsOf(result, 'inventory')).toContain('photos of anna@example.org');
  expect(checkOf(result, 'ready').actual).toContain('no admin');
  expect(checkOf(result, 'schema').verdict).toBe('pass');
  expect(checkOf(result, 'files of library').verdict).toBe('pass');
  expectFailed(result, [
    'rows of database',
    'inventory of database',
    'files-to-rows of library',
    'canaries of all',
    'ready of all',
  ]);
});

it('an old backup in place of a new one, and one that says how old it is', async () => {
  let first: Receipt | undefined;
  const stale: BackupPath<'volume'> = {
    ...tar(),
    backup: async (context) => {
      first ??= await tar().backup(context);
      const now = new Date().toISOString();
      return { ...first, startedAt: now, endedAt: now };
    },
  };
  const old = afterBackup(pgDump(), async (receipt, { at }) => {
    const days = new Date(at.getTime() - 3 * DAY_MS).toISOString();
    return { ...receipt, startedAt: days, endedAt: days };
  });
  const result = await runForTest(smallImmich({ paths: { library: stale, database: old }, olderSets: ['1d'] }));

  expect(subjectsOf(result, 'freshness')).toEqual([expect.stringMatching(/^database: backup db\/database\//)]);
  expect(checkOf(result, 'freshness').findings).toMatchObject([{ expected: 'at most 1 d 0 h old', actual: '3 d 0 h' }]);
  const lost = checkOf(result, 'canaries').findings.filter(({ actual }) => actual === 'missing');
  expect(lost.length).toBeGreaterThan(0);
  for (const { subject } of lost) expect(subject).toMatch(/^library: upload\/.*\(write \d+ at /);
  for (const { path } of lostUploads(lost)) expect(subjectsOf(result, 'files of library')).toContain(path);
  expect(subjectsOf(result, 'rows-to-files')).toContainEqual(
    expect.stringMatching(/^asset \S+ \(LIVE_\d+\.jpg\) original: upload\//),
  );
  expectFailed(result, ['freshness of all', 'canaries of all', 'files of library', 'rows-to-files of database']);
});

it('files that were backed up before the database, while users went on uploading', async () => {
  const backupOrder = [...LIBRARY.backupOrder].sort((a, b) => Number(b === 'library') - Number(a === 'library'));
  const result = await runForTest(smallImmich({ backupOrder }));

  expectFailed(result, ['rows-to-files of database']);
  const lost = checkOf(result, 'rows-to-files').findings;
  expect(lost.length).toBeGreaterThan(0);
  for (const { subject, actual } of lost) {
    expect(subject).toMatch(/^asset \S+ \(LIVE_\d+\.jpg\) original: upload\//);
    expect(actual).toBe('missing');
  }
});

function lostUploads(findings: readonly { subject: string }[]): { path: string }[] {
  return findings.map(({ subject }) => ({ path: subject.replace(/^library: (\S+) .*$/, '$1') }));
}
