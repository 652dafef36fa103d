import { expect, test } from 'vitest';
import { compareVersions, inRange } from './version-range.ts';

test.each([
  ['0.18.1', '>=0.16 <1', true],
  ['0.16', '>=0.16 <1', true],
  ['0.9.6', '>=0.16 <1', false],
  ['1.0.0', '>=0.16 <1', false],
  ['14.0', '>=14 <19', true],
  ['13.20', '>=14 <19', false],
  ['19', '>=14 <19', false],
  ['18.1', '>=14 <19', true],
  ['2026-02-12T20-18-48Z', '>=2025', true],
  ['1.2.3', '=1.2.3', true],
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '=1.2.3', false],
  ['1.2.3', '>1.2.3', false],
  ['1.2.3', '<=1.2.3', true],
  ['anything', '*', true],
])('%s in %s: %s', (version, range, expected) => {
  expect(inRange(version, range)).toBe(expected);
});

test('versions are ordered by number and not by letter', () => {
  const versions = ['0.18.1', '0.9', '15.18', '15.2', '0.18.1-1'];
  expect(versions.sort(compareVersions)).toEqual(['0.9', '0.18.1', '0.18.1-1', '15.2', '15.18']);
});

test('a range that is none is an error and accepts nothing', () => {
  expect(() => inRange('1.0', '~1')).toThrow('"~1" is not a range');
});
