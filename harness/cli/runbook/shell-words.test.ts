import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellWord } from './shell-words.ts';

const KNOWN = new Map([
  ['/work/volumes/list-1', 'LIST'],
  ['/work/volumes/list-12', 'LIST_2'],
  ['http://127.0.0.1:7070', 'S3_ENDPOINT'],
]);
const ENV = { LIST: '/new place/list', LIST_2: '/other', S3_ENDPOINT: 'https://s3.example.org' };

/** What a real shell makes of it. */
function inShell(words: string): string {
  return execFileSync('sh', ['-c', `printf '%s|' ${words}`], { env: { ...process.env, ...ENV }, encoding: 'utf8' });
}

it.each([
  'plain',
  '',
  "it's",
  'a b',
  '$HOME `id` "x" \\ !',
  'two\nlines',
  '*',
  '~',
  'schön',
  '--set=a;b',
  '#no',
  '***',
])('gives %j to the program as it was', (text) => {
  expect(inShell(shellWord(text, KNOWN))).toBe(`${text}|`);
});

it.each([
  ['/work/volumes/list-1/dump', '/new place/list/dump'],
  ['/work/volumes/list-12', '/other'],
  ['/work/volumes/list-123', '/work/volumes/list-123'],
  ['s3:http://127.0.0.1:7070/b', 's3:https://s3.example.org/b'],
  ['/work/volumes/list-1:/work/volumes/list-12', '/new place/list:/other'],
])('puts a variable where %s names a place of the run', (text, expected) => {
  expect(inShell(shellWord(text, KNOWN))).toBe(`${expected}|`);
});
