import { expect, it } from 'vitest';
import { algorithmOf, digestIn, namesIn } from './digest-in.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];

it.each([
  ['the name as it is', `${A}  library.tar.gz\n`, A],
  ['a binary read', `${A} *library.tar.gz\n`, A],
  ['a path from here', `${A}  ./library.tar.gz\r\n`, A],
  ['another form', `SHA256 (library.tar.gz) = ${A}\n`, A],
  ['capitals', `${A.toUpperCase()}  library.tar.gz`, A],
  ['a list that was added to', `${B}  library.tar.gz\n${A}  library.tar.gz\n`, A],
  ['only what is inside of the archive', `${A}  ./upload/a.jpg\n${B}  ./upload/library.tar.gz\n`, undefined],
  ['names that it is a part of', `${A}  library.tar.gz.sums\n${A}  old-library.tar.gz\n`, undefined],
  ['a list that lists itself', `${B}  ./checksums.sha256\n${A}  ./library.tar.gz\n`, A],
  ['nothing that is a line of such a list', 'library.tar.gz\n\nnot a list', undefined],
])('%s', (_, list, expected) => {
  expect(digestIn(list, 'library.tar.gz', false)).toBe(expected);
});

it('reads names that had to be escaped, and names with "sums" in them', () => {
  expect(digestIn(`\\${A}  a\\\\b\\nc.tar\n`, 'a\\b\nc.tar', false)).toBe(A);
  expect(digestIn(`${A}  a\\nc.tar\n`, 'a\\nc.tar', false)).toBe(A);
  expect(digestIn(`${A}  sums-of-2026.tar\n`, 'sums-of-2026.tar', false)).toBe(A);
});

it.each([
  ['md5sum', 'd'.repeat(32), `MD5 (x.tar) = ${'d'.repeat(32)}`],
  ['sha1sum', 'e'.repeat(40), `SHA1 (x.tar) = ${'e'.repeat(40)}`],
  ['sha512sum', 'f'.repeat(128), `SHA512 (x.tar) = ${'f'.repeat(128)}`],
])('reads lists of %s', (program, digest, bsd) => {
  for (const list of [`${digest}  x.tar\n`, bsd]) expect(digestIn(list, 'x.tar', false)).toBe(digest);
  expect(algorithmOf(digest).program).toBe(program);
});

it('tells all files of a list', () => {
  expect(namesIn(`${A}  ./toc.dat\n${B} *1.dat.gz\n${B}\n`)).toEqual(['toc.dat', '1.dat.gz']);
});

it('takes the only line of a list of its own, whatever it calls the file', () => {
  expect(digestIn(`${A}\n`, 'x.tar', true)).toBe(A);
  expect(digestIn(`${A}  /mnt/backup/x.tar\n`, 'x.tar', true)).toBe(A);
  expect(digestIn(`${A}  /mnt/backup/x.tar\n`, 'x.tar', false)).toBeUndefined();
});
