import { expect, it } from 'vitest';
import { covering } from './covering.ts';

const LISTED = ['a.jpg', 'a/1/x', 'a/1/y', 'a/2/x', 'a/3/x', 'b/1/x', 'c/1/x', 'c/1/y'];

function between(from: number, to: number): string[] {
  return covering(LISTED.slice(from, to), { before: LISTED[from - 1], after: LISTED[to] });
}

it('names a folder when nothing outside of the range is in it, and the file itself otherwise', () => {
  expect(between(0, 8)).toEqual(['a.jpg', 'a', 'b', 'c']);
  expect(between(0, 2)).toEqual(['a.jpg', 'a/1/x']);
  expect(between(2, 7)).toEqual(['a/1/y', 'a/2', 'a/3', 'b', 'c/1/x']);
  expect(between(5, 6)).toEqual(['b']);
  expect(between(7, 8)).toEqual(['c/1/y']);
});

it('covers every file of every range, and none outside of it', () => {
  for (let from = 0; from < LISTED.length; from += 1)
    for (let to = from + 1; to <= LISTED.length; to += 1) {
      const names = between(from, to);
      const named = LISTED.filter((path) => names.some((name) => path === name || path.startsWith(`${name}/`)));
      expect(named).toEqual(LISTED.slice(from, to));
    }
});
