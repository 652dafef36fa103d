import { expect, it } from 'vitest';
import { identifier } from './postgres.ts';

it.each([
  ['photos', '"photos"'],
  ['Photos', '"Photos"'],
  ['x"; DROP DATABASE postgres; --', '"x""; DROP DATABASE postgres; --"'],
  ['-x $(y)\n', '"-x $(y)\n"'],
])('the name %j stays a name in SQL', (name, quoted) => {
  expect(identifier(name)).toBe(quoted);
});
