import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { isVariableName, quoted, shellWord } from './shell-word.ts';

const HOSTILE = [
  '',
  "it's",
  '$(touch pwned)',
  '`touch pwned`',
  '"; touch pwned; "',
  "'; touch pwned; '",
  'two\nlines\n',
  '\u001b[2J\u001b]0;title\u0007',
  '\u001b\nnext',
  '\r\n',
  'tab\there',
  'gpj.\u202Eexe',
  '\u200Bhidden\u2028line\u{E0041}',
  '-rf',
  '~root',
  '=ls',
  'a=b',
  '!!',
  '{a,b}',
  '\\012',
  '\u007f\u009b31m',
  '👩‍👩‍👧',
];

it.each(HOSTILE)('%j is that to a shell, whether a script or a person gives it', (text) => {
  for (const word of [shellWord(text), quoted(text)])
    for (const shell of ['sh', 'bash'])
      expect(execFileSync(shell, ['-c', `printf '%s|' ${word}`], { encoding: 'utf8' })).toBe(`${text}|`);
});

it.each(HOSTILE)('%j is printed without anything that a terminal obeys or hides', (text) => {
  expect(shellWord(text)).not.toMatch(/[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\n]]/v);
});

it.each(['A$(touch x)', 'A B', '', '1A', 'A-B', 'Ä', 'A\n'])('%j is no name of a variable', (name) => {
  expect(isVariableName(name)).toBe(false);
});
