import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { boundedLines } from './bounded-lines.ts';
import { printable } from './printable.ts';
import { withoutRows } from './without-rows.ts';

async function linesOf(texts: readonly string[], maxBytes?: number): Promise<string[]> {
  return await Array.fromAsync(boundedLines(Readable.from(texts.map((text) => Buffer.from(text))), maxBytes));
}

describe('boundedLines', () => {
  it('gives lines, however they come in pieces and whatever ends them', async () => {
    expect(await linesOf(['a\nb', 'c\r', '\nd\n\ne'])).toEqual(['a', 'bc', 'd', '', 'e']);
    expect(await linesOf(['10 %\r20 %\r', '\r30 %\n'])).toEqual(['10 %', '20 %', '30 %']);
  });

  it('cuts a line that is too long, says how much, and goes on', async () => {
    expect(await linesOf(['ab', 'cdef', 'gh\nnext'], 4)).toEqual([
      'abcd … (4 more bytes of this line are left out)',
      'next',
    ]);
  });

  it('keeps nothing of a line that never ends', async () => {
    const piece = Buffer.alloc(1024 * 1024);
    const before = process.memoryUsage().rss;
    const [line] = await Array.fromAsync(boundedLines(Readable.from(Array.from({ length: 300 }, () => piece))));
    expect(line).toContain(`${300 * 1024 * 1024 - 16 * 1024} more bytes`);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});

describe('printable', () => {
  it('shows what would move a cursor, ring a bell or turn a text around', () => {
    expect(printable('a\u001b[2Jb\u0007\u009b1m\u202etxt.exe\tc\r')).toBe(
      'a\\x1b[2Jb\\x07\\x9b1m\\x202etxt.exe\tc\\x0d',
    );
    expect(printable('zoë 写真 😀')).toBe('zoë 写真 😀');
  });
});

describe('withoutRows', () => {
  const kept = (lines: readonly string[]) => {
    const cut = withoutRows();
    return lines.map((line) => cut(line)).filter((line) => line !== undefined);
  };

  it.each([
    ['CONTEXT:  COPY users, line 3: "1\tSECRET"', 'CONTEXT:  COPY users, line 3'],
    ['pg_restore: error: CONTEXT:  COPY users, line 3, column id: "SECRET"', 'COPY users, line 3, column id'],
    ['DETAIL:  Key (email)=(SECRET) already exists.', 'DETAIL:  Key (email)'],
    ['DETAIL:  Failing row contains (1, SECRET).', 'DETAIL:'],
    ['psql:d.sql:3: ERROR:  invalid input syntax for type integer: "SECRET"', 'invalid input syntax for type integer'],
    ['psql:d.sql:3: ERROR:  invalid input value for enum "kind": "SECRET"', 'invalid input value for enum "kind"'],
    ['psql:d.sql:3: ERROR:  syntax error at or near "SECRET"', 'd.sql:3: ERROR:  syntax error at or near'],
    ['psql:d.sql:3: ERROR:  value "SECRET" is out of range for type integer', 'ERROR:  value'],
    ["LINE 1: INSERT INTO users VALUES ('SECRET')", 'LINE 1:'],
    ["2026-01-01 00:00:00 UTC [7] STATEMENT:  INSERT INTO users VALUES ('SECRET')", 'STATEMENT:'],
    ["Command was: INSERT INTO public.users VALUES ('SECRET');", 'Command was: INSERT INTO public.users'],
  ])('%s', (line, left) => {
    const text = kept([line]).join('\n');
    expect(text).not.toContain('SECRET');
    expect(text).toContain(left);
  });

  it('leaves out the rest of a row of several lines, and takes up again after it', () => {
    expect(
      kept(['DETAIL:  Failing row contains (1, one', 'SECRET', ').', 'psql:d.sql:9: ERROR:  gone', 'plain']),
    ).toEqual(['DETAIL: (left out: it can hold rows)', 'psql:d.sql:9: ERROR:  gone', 'plain']);
  });

  it('leaves other tools alone', () => {
    const lines = ['Load(<data/1>) failed', 'tar: a: Cannot open', '$ sh -c x', 'ERROR:  relation "a" does not exist'];
    expect(kept(lines)).toEqual(lines);
  });
});
