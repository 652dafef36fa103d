import { expect, it } from 'vitest';
import { sizeInBytes } from './numbers.ts';

it.each([
  ['512', 512],
  ['20GiB', 20 * 1024 ** 3],
  ['1.5G', 1.5 * 1024 ** 3],
  ['500 MB', 500 * 1024 ** 2],
  ['64k', 64 * 1024],
])('reads the size %s', (text, bytes) => {
  expect(sizeInBytes(text)).toBe(bytes);
});

it.each(['', '0', 'ten', '5 apples', '-1G', '1e9', 'GiB'])('refuses "%s"', (text) => {
  expect(() => sizeInBytes(text)).toThrow(/such as 20GiB/);
});
