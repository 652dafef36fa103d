import { expect, it } from 'vitest';
import { oneLine, plainLines } from './one-line.ts';

it.each([
  ['an escape sequence', 'a\u001b[2J\u001b]0;title\u0007b'],
  ['control characters of eight bits', 'a\u009b31mb\u0085'],
  ['what turns the direction', 'a\u202Egpj\u2066\u200F\u061Cb'],
  ['what nobody sees', 'a\u200B\u2060\u00AD\uFEFF\u{E0041}b'],
  ['a line that begins again', 'a\rb'],
  ['separators of lines', 'a\u2028\u2029b'],
  ['half a character', 'a\uD800b'],
])('takes %s out of a line and of lines', (_, text) => {
  for (const clean of [oneLine(text), plainLines(text, 1000)]) {
    expect(clean).toMatch(/^a.*b$/su);
    expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  }
});

it('leaves letters and pictures as they are', () => {
  expect(oneLine('夏 schön 👩‍👩‍👧')).toBe('夏 schön 👩‍👩‍👧');
});
