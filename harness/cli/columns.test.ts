import { describe, expect, test } from 'vitest';
import { alignColumns, cutTo, padTo, wrapTo } from './columns.ts';

describe('columns', () => {
  test('width is counted in cells', () => {
    const cells = ['abc', '夏祭', '👩‍👩‍👧', 'e\u0301', '\u001b[31mred\u001b[0m'];
    expect(cells.map((text) => padTo(text, 5).length - text.length)).toEqual([2, 1, 3, 4, 2]);
  });

  test('a cut never exceeds its cells', () => {
    expect(cutTo('abcdef', 6)).toBe('abcdef');
    expect(cutTo('abcdef', 4)).toBe('abc…');
    expect(cutTo('夏祭り', 4)).toBe('夏…');
    expect(cutTo('abc', 0)).toBe('');
  });

  test('lines break between words', () => {
    expect(wrapTo('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapTo('averylongword b', 4)).toEqual(['averylongword', 'b']);
  });

  test('columns align, wide letters and missing cells too', () => {
    expect(
      alignColumns(
        [
          ['夏', '1', 'x'],
          ['abc', '22'],
        ],
        new Set([1]),
      ),
    ).toEqual(['夏    1  x', 'abc  22']);
    expect(alignColumns([])).toEqual([]);
    expect(padTo('a', 3, 'right')).toBe('  a');
  });
});
