import { expect, it } from 'vitest';
import { decodeCopyLine } from './copy-text.ts';

it('unescapes fields and tells NULL from the text \\N', () => {
  expect(decodeCopyLine('a\tb')).toEqual(['a', 'b']);
  expect(decodeCopyLine('\\N\t\\\\N\t')).toEqual([null, '\\N', '']);
  expect(decodeCopyLine('tab\\there\\nnew\\\\x')).toEqual(['tab\there\nnew\\x']);
  expect(decodeCopyLine('\\\\x0a\\r\\b\\f\\v')).toEqual(['\\x0a\r\b\f\v']);
});
