import { expect, it } from 'vitest';
import { chooseFile, madeAt, newestFirst } from './choose-file.ts';
import { findRoot } from './find-root.ts';

function file(path: string, modifiedAt = '2026-11-21T12:00:00.000Z') {
  return { path, sizeBytes: 1, modifiedAt };
}

const OLD = 'photos-db-backup-1732150000000.sql.gz';
const NEW = 'photos-db-backup-20261121T020000-v3.1.0-pg17.11.sql.gz';
const BETWEEN = 'photos-db-backup-20261120T020000-v3.1.0-pg17.11.sql.gz';

it('takes the newest by the time in the name, since copies are as old as the copying', () => {
  const files = [
    file(BETWEEN, '2026-11-22T00:00:00Z'),
    file(NEW),
    file(OLD, '2026-11-23T00:00:00Z'),
    file('notes.txt'),
  ];
  expect(chooseFile(files, 'photos-db-backup-*', 'x').path).toBe(NEW);
  expect(chooseFile(files, OLD, 'x').path).toBe(OLD);
});

it('goes by the files where not every name tells a time', () => {
  const files = [file('a.dump', '2026-01-01T00:00:00Z'), file('deep/b.dump', '2026-02-01T00:00:00Z'), file(OLD)];
  expect(chooseFile(files, '?.dump', 'x').path).toBe('deep/b.dump');
  expect(chooseFile(files, 'deep/*', 'x').path).toBe('deep/b.dump');
});

it('says what is there when nothing fits', () => {
  expect(() => chooseFile([file('a.dump')], '*.sql', '/backup')).toThrow(
    /No file in \/backup fits "\*\.sql"; there are 1 others, such as a\.dump/,
  );
  expect(() => chooseFile([], '*', '/backup')).toThrow(/there is no file at all/);
});

it('believes the file where it and its name differ by a time zone, and the name of a copy', () => {
  expect(madeAt(file(NEW, '2026-11-21T01:00:03.000Z'))).toBe('2026-11-21T01:00:03.000Z');
  expect(madeAt(file(NEW, '2026-12-24T00:00:00.000Z'))).toBe('2026-11-21T02:00:00.000Z');
  expect(madeAt(file(OLD, '2026-12-24T00:00:00.000Z'))).toBe(new Date(1732150000000).toISOString());
});

const COPIED = '2026-12-24T00:00:00.000Z';

it.each([
  ['a day', ['photos-20261121.sql.gz', 'photos-20261122.sql.gz']],
  ['a day with separators', ['photos_2026-11-09.dump', 'photos_2026-11-22.dump']],
  ['a day and a time', ['2026-11-22_03-00-00', '2026-11-22_15-00-00']],
  ['a time without marks', ['db_202611220300.sql', 'db_202611221500.sql']],
  ['folders of days', ['2026-11-21/photos.sql.gz', '2026-11-22/photos.sql.gz']],
  ['a version that is no day', ['photos-20261121T020000-v3.1.0-pg17.11.sql.gz', 'photos-20261122-v2.9.1.sql.gz']],
  ['some, and others nothing', ['photos.dump', 'photos-20261121.sql.gz', 'photos-2026-11-22.dump']],
  ['nothing', ['photos-1.dump', 'photos-2.dump']],
])('goes by names that tell %s where all files are as old as their copying', (_, oldestFirst) => {
  for (const [at, files] of [
    [COPIED, oldestFirst],
    // On the day of the last one, whose time is then believed.
    ['2026-11-22T16:00:00.000Z', oldestFirst],
  ] as const)
    expect(
      newestFirst(
        files.map((path) => file(path, at)),
        '*',
      ).map(({ path }) => path),
    ).toEqual(files.toReversed());
});

it('believes the time of a file without a time in its name that nobody has copied', () => {
  const files = [file('photos-20261121.sql.gz', '2026-11-21T02:00:00Z'), file('now.dump', '2026-11-22T02:00:00Z')];
  expect(chooseFile(files, '*', 'x').path).toBe('now.dump');
  const touched = [file('photos-20250101.sql.gz', '2026-05-01T00:00:00Z'), file('now.dump', '2026-11-22T02:00:00Z')];
  expect(chooseFile(touched, '*', 'x').path).toBe('now.dump');
});

it.each([
  ...['photos.sql.gz.sha256', 'photos.sql.gz.md5', 'photos.sql.gz.sha1', 'SHA256SUMS', 'checksums.sha256'],
  ...['backup.log', 'notes.txt', 'state.json', 'photos.sql.gz.asc', 'photos.sql.gz.sig', '.photos', '.DS_Store'],
  ...[
    'photos-2.sql.gz.tmp',
    'photos-2.sql.gz.part',
    'photos-2.partial',
    'photos-2.crdownload',
    '.photos.sql.gz.Ab12Cd',
  ],
])('never takes %s beside a dump, however fresh it is', (beside) => {
  const files = [file('photos.sql.gz', '2026-11-21T02:00:00Z'), file(beside, '2026-11-21T02:00:01Z')];
  expect(chooseFile(files, '*', 'x').path).toBe('photos.sql.gz');
});

it('takes what a pattern names by its ending, and a text where nothing else is', () => {
  const files = [file('a.sql'), file('dump.tmp'), file('dump.txt')];
  expect(chooseFile(files, '*.tmp', 'x').path).toBe('dump.tmp');
  expect(chooseFile(files, 'dump.tmp', 'x').path).toBe('dump.tmp');
  expect(chooseFile([file('dump.txt'), file('dump.txt.sha256')], '*', 'x').path).toBe('dump.txt');
  expect(() => chooseFile([file('photos.sql.gz.tmp')], '*', 'x')).toThrow(/photos.sql.gz.tmp was never written to its/);
});

it('tells the day of a copy by its name', () => {
  expect(madeAt(file('photos-20261122.sql.gz', '2026-11-22T03:00:04.000Z'))).toBe('2026-11-22T03:00:04.000Z');
  expect(madeAt(file('photos-20261122.sql.gz', COPIED))).toBe('2026-11-22T00:00:00.000Z');
});

it('finds the root of a library by its folders, wherever it lies', () => {
  const marks = ['upload', 'library', 'thumbs'];
  expect(
    findRoot(
      [
        '/srv/photos/library',
        '/srv/photos/library/upload',
        '/srv/photos/library/library',
        '/srv/photos/library/thumbs',
      ],
      marks,
    ),
  ).toBe('/srv/photos/library');
  expect(findRoot(['upload', 'library', 'library/x/upload'], marks)).toBe('');
  expect(findRoot(['/upload', '/library'], marks)).toBe('/');
  expect(findRoot(['a/b', 'a/uploads'], marks)).toBeUndefined();
});
