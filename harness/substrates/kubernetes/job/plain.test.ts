import { expect, it } from 'vitest';
import { plain, withoutRow } from './plain.ts';

it('leaves nothing that a terminal obeys, and everything that people read', () => {
  expect(plain('\u001b]0;title\u0007\u001b[2Jü\t写真\r\nb\u202egpj')).toBe(
    '\uFFFD]0;title\uFFFD\uFFFD[2Jü\t写真\uFFFD\nb\uFFFDgpj',
  );
});

it('cuts what Postgres says before the row', () => {
  expect(withoutRow('psql:dump:12: CONTEXT:  COPY user, line 3: "anna\tsecret"')).toBe(
    'psql:dump:12: CONTEXT:  COPY user, line 3',
  );
  expect(withoutRow('CONTEXT:  COPY user, line 3, column name: "anna"')).toBe('CONTEXT:  COPY user, line 3');
  expect(withoutRow('ERROR:  relation "user" does not exist')).toBe('ERROR:  relation "user" does not exist');
});
