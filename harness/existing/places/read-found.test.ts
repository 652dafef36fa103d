import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readFound } from './read-found.ts';

it.each([
  ['12 0.0000000000 a b', '1970-01-01T00:00:00.000Z'],
  ['12 1795635465.3937407130 a b', '2026-11-25T19:37:45.394Z'],
  ['12 1795635465 a b', '2026-11-25T19:37:45.000Z'],
  ['12 -1.5000000000 a b', '1969-12-31T23:59:59.500Z'],
  ['12 -0.5000000000 a b', '1969-12-31T23:59:59.500Z'],
  ['12 -315619200.2500000000 a b', '1960-01-01T00:00:00.250Z'],
  ['12 99999999999999.0 a b', '+275760-09-13T00:00:00.000Z'],
])('reads %s', (line, modifiedAt) => {
  expect(readFound(line)).toEqual([{ path: 'a b', sizeBytes: 12, modifiedAt }]);
});

it('reads what find says of files from before 1970', () => {
  const folder = mkdtempSync(join(tmpdir(), 'found-'));
  const times = [
    '1901-12-31T12:00:00.750Z',
    '1969-12-31T23:59:58.000Z',
    '1969-12-31T23:59:59.500Z',
    '1999-01-01T00:00:00.125Z',
  ];
  try {
    for (const time of times) {
      writeFileSync(join(folder, time), 'x');
      utimesSync(join(folder, time), new Date(time), new Date(time));
    }
    const found = execFileSync('find', [folder, '-type', 'f', '-printf', '%s %T@ %P\\n'], { encoding: 'utf8' });
    const files = found.split('\n').flatMap(readFound);
    expect(files.map(({ path }) => path).toSorted()).toEqual(times);
    for (const { path, modifiedAt } of files) expect(modifiedAt).toBe(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('gives nothing for what is no such line', () => {
  expect(['', 'x', '12 x a', '12 1.0 '].flatMap(readFound)).toEqual([]);
});
