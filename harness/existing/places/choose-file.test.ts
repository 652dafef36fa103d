import { expect, it } from 'vitest';
import { chooseFile, madeAt } from './choose-file.ts';
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
