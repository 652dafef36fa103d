import { expect, it } from 'vitest';
import { countRows } from './count-rows.ts';
import { earlierDumps } from './earlier-dumps.ts';

const GIB = 1024 ** 3;

/** One byte at a time, and all at once. */
async function counted(sql: string, preferred = ''): Promise<object> {
  async function* pieces(length: number) {
    for (let at = 0; at < sql.length; at += length) yield Buffer.from(sql.slice(at, at + length));
  }
  const all = await countRows(pieces(sql.length), preferred);
  expect(await countRows(pieces(1), preferred)).toEqual(all);
  return all;
}

const DUMP = `--
-- PostgreSQL database dump
--
CREATE TABLE public.asset (id int, text text);
CREATE TABLE public."Some; table" (id int);
CREATE TABLE public.old (id int);
COPY public.asset (id, text) FROM stdin;
1	a\\nb
2	\\\\.
3	COPY public.x FROM stdin;
\\.

COPY public."Some; table" (id) FROM stdin;
\\.
COPY vectors.t FROM stdin;
1
\\.
INSERT INTO public.old VALUES (1), (2);
`;
const END = '\n--\n-- PostgreSQL database dump complete\n--\n';

it('counts the rows of every table, none among them, and those of none that is filled another way', async () => {
  expect(await counted(DUMP + END)).toEqual({ asset: 3, 'Some; table': 0, 'vectors.t': 1 });
});

it('counts nothing of a dump that was cut', async () => {
  expect(await counted(DUMP)).toEqual({});
});

it('counts the database that is meant of a dump of all', async () => {
  const copy = (rows: number) => `COPY public.asset FROM stdin;\n${'x\n'.repeat(rows)}\\.\n`;
  const table = 'CREATE TABLE public.asset (id int);\n';
  const sql = `\\connect one\n${table}${copy(1)}\\connect two\n${table}${table}${copy(2)}-- PostgreSQL database cluster dump complete\n`;
  expect(await counted(sql, 'one')).toEqual({ asset: 1 });
  expect(await counted(sql, 'none')).toEqual({ asset: 2 });
});

it('asks the one before and the largest of the rest, none that is empty or huge', () => {
  const dump = (path: string, sizeBytes: number) => ({ path, sizeBytes, modifiedAt: '' });
  const restored = dump('f', 5);
  const all = [
    dump('g', 7),
    restored,
    dump('e', 0),
    dump('d', 4),
    dump('c', 3 * GIB),
    dump('b', 1),
    dump('a', 9),
    dump('0', 8),
  ];
  expect(earlierDumps(all, restored).map(({ path }) => path)).toEqual(['d', 'a', '0']);
  expect(earlierDumps([restored], restored)).toEqual([]);
  expect(earlierDumps(all, dump('x', 1))).toEqual([]);
});
