import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RuinedCopy } from '../own-sabotage.ts';
import { CUT_BEFORE_KEYS, editSql, GARBLED_ROW, WITHOUT_ROWS, withoutStatement } from './edit-sql.ts';
import { readSurvey, SURVEY } from './survey-sql.ts';

const SQL = String.raw`--
COPY public."user" (id, name) FROM stdin;
1	CREATE INDEX of photos ON public.x
2	\N
\.


COPY public.asset (id) FROM stdin;
7
\.


ALTER TABLE ONLY public.asset
    OWNER TO somebody;

ALTER TABLE ONLY public.asset
    ADD CONSTRAINT asset_pkey PRIMARY KEY (id);


CREATE INDEX one ON public.asset USING btree (id);


CREATE UNIQUE INDEX two ON public.asset USING btree (id);


CREATE TRIGGER t AFTER DELETE ON public.asset EXECUTE FUNCTION f();


ALTER TABLE ONLY public.asset
    ADD CONSTRAINT "asset_fkey" FOREIGN KEY (id) REFERENCES public."user"(id);
`;
const TIME = new Date('2026-01-02T03:04:05Z');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-sql-'));
  writeFileSync(join(folder, 'dump.gz'), gzipSync(SQL));
  utimesSync(join(folder, 'dump.gz'), TIME, TIME);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Only what the edit uses of a copy. */
function copyHere(): RuinedCopy {
  const part = { path: folder };
  const run = async (script: string, ...args: string[]) =>
    (await execa('sh', ['-c', script, 'sh', ...args], { cwd: mkdtempSync(join(folder, 'scratch-')) })).stdout;
  return { dumps: part, dump: { path: 'dump.gz', format: 'gzip', sizeBytes: 1 }, run } as RuinedCopy;
}

async function edited(program: string, name?: string): Promise<string> {
  await editSql(copyHere(), program, name);
  expect(statSync(join(folder, 'dump.gz')).mtime).toEqual(TIME);
  return gunzipSync(readFileSync(join(folder, 'dump.gz'))).toString('utf8');
}

it('counts rows and statements, and takes no row for a statement', async () => {
  const { stdout } = await execa('sh', ['-c', SURVEY, 'sh', join(folder, 'dump.gz'), 'gzip', '1000000']);
  const { rows, statements } = readSurvey(stdout, 1_000_000);
  expect([...rows]).toEqual([
    ['public."user"', 2],
    ['public.asset', 1],
  ]);
  expect(statements).toEqual({ index: 2, 'primary-key': 1, 'foreign-key': 1, trigger: 1 });
});

it('refuses a dump that unpacks to more than is allowed', async () => {
  const { stdout } = await execa('sh', ['-c', SURVEY, 'sh', join(folder, 'dump.gz'), 'gzip', '100']);
  expect(() => readSurvey(stdout, 100)).toThrow(/unpacks to more than/);
});

it('changes what it is told to and nothing else', async () => {
  expect(await edited(WITHOUT_ROWS, 'public."user"')).toBe(
    SQL.replace('1\tCREATE INDEX of photos ON public.x\n2\t\\N\n', ''),
  );
});

it.each([
  ['index', 'CREATE INDEX one ON public.asset USING btree (id);\n'],
  ['trigger', 'CREATE TRIGGER t AFTER DELETE ON public.asset EXECUTE FUNCTION f();\n'],
  ['primary-key', 'ALTER TABLE ONLY public.asset\n    ADD CONSTRAINT asset_pkey PRIMARY KEY (id);\n'],
  [
    'foreign-key',
    'ALTER TABLE ONLY public.asset\n    ADD CONSTRAINT "asset_fkey" FOREIGN KEY (id) REFERENCES public."user"(id);\n',
  ],
] as const)('takes out the first %s', async (statement, gone) => {
  expect(await edited(withoutStatement(statement))).toBe(SQL.replace(gone, ''));
});

it('garbles one row, ends before the keys, and says when there was nothing to change', async () => {
  expect(await edited(GARBLED_ROW, 'public.asset')).toBe(SQL.replace('7\n', 'garbled\tby\ta\tbad\tdisk\n'));
  const cut = await edited(CUT_BEFORE_KEYS);
  expect(cut).toContain('OWNER TO somebody');
  expect(cut).not.toContain('CONSTRAINT');
  await expect(edited(WITHOUT_ROWS, 'public.nothing')).rejects.toThrow('was not changed');
});
