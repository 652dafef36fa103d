import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DrillError } from '../../model/error.ts';
import type { Database } from '../../model/target.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { restoreDump } from './testing/restore-dump.ts';

const HEAD = `--
-- PostgreSQL database dump
--

-- Dumped from database version 15.18 (Debian)
-- Dumped by pg_dump version 17.11

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
`;
const TAIL = `
--
-- PostgreSQL database dump complete
--
`;
const TABLE = 'CREATE TABLE public.t (id integer NOT NULL, text text);\n';
/** What no message, no log and no receipt may show. */
const MARKED = 'MARKED-6f1d';

let local: LocalForTest;

beforeAll(async () => {
  local = await openLocalForTest();
});
afterAll(async () => {
  await local?.[Symbol.asyncDispose]();
});

const pwned = () => join(local.folder, 'canary', 'pwned');

async function restore(body: string, room?: number) {
  return await restoreDump(local, { sql: HEAD + body + TAIL }, room);
}

async function refusal(restored: Promise<unknown>): Promise<DrillError> {
  const error = await restored.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof DrillError)) throw new Error(`expected an error of ours, found ${error}`);
  return error;
}

async function one<Row extends object>(database: Database, sql: string): Promise<Row | undefined> {
  return (await database.query<Row>(sql))[0];
}

describe('what a hostile dump of SQL tries', () => {
  beforeAll(() => {
    // Whoever the server runs as could write there.
    mkdirSync(join(local.folder, 'canary'));
    chmodSync(join(local.folder, 'canary'), 0o777);
    chmodSync(local.folder, 0o755);
  });

  it.each([
    ['a shell', () => `\\! touch ${pwned()}\n`, /line 14.*command \\! for psql/],
    ['output to a program', () => `\\o |touch ${pwned()}\nSELECT 1;\n`, /line 14.*command \\o/],
    ['a result to a program', () => `SELECT 1 \\g |touch ${pwned()}\n`, /line 14.*command \\g/],
    ['a file of this machine', () => `${TABLE}\\copy public.t from '/etc/passwd'\n`, /line 15.*command \\copy/],
    ['another script', () => `\\i /etc/passwd\n`, /command \\i/],
    ['a variable by a program', () => `\\set x \`touch ${pwned()}\`\n`, /command \\set/],
    ['another server', () => `\\connect "host=127.0.0.1 port=5432"\n`, /command \\connect/],
    ['a shell behind rows', () => `${TABLE}COPY public.t FROM stdin;\n1\tx\n\\.\n\\! touch ${pwned()}\n`, /line 18/],
  ])('%s: nothing of it is run', async (_, body, expected) => {
    const error = await refusal(restore(body()));
    expect(error).toMatchObject({ code: 'dump-refused', blame: 'environment' });
    expect(error.message).toMatch(expected);
    expect(existsSync(pwned())).toBe(false);
  });

  it.each([
    ['a program to write to', () => `${TABLE}COPY public.t TO PROGRAM 'touch ${pwned()}';\n`],
    ['a program to read from', () => `${TABLE}COPY public.t FROM PROGRAM 'touch ${pwned()}';\n`],
    ['a file to write', () => `${TABLE}COPY public.t TO '${pwned()}';\n`],
    [
      'a program in a block',
      () => `${TABLE}DO $x$ BEGIN EXECUTE 'COPY public.t TO PROGRAM ''touch ${pwned()}'''; END $x$;\n`,
    ],
    ['the way back to the superuser', () => `DO 'BEGIN EXECUTE ''SET SESSION AUTHORIZATION postgres''; END';\n`],
    ['a function in C', () => `CREATE FUNCTION public.f() RETURNS int LANGUAGE c AS '/lib/x.so', 'f';\n`],
    ['a large object from a file', () => `SELECT pg_catalog.lo_import('/etc/passwd');\n`],
    ['a file of the server', () => `SELECT pg_catalog.pg_read_file('/etc/passwd');\n`],
  ])('%s: only a superuser may', async (_, body) => {
    const error = await refusal(restore(body()));
    expect(error).toMatchObject({ code: 'load-failed', blame: 'environment' });
    expect(error.message).toMatch(/at line 1[45] of the dump, [A-Z_ ]+: only a superuser may do that/);
    expect(existsSync(pwned())).toBe(false);
  });

  it('a trigger, a rule and a default that do as whoever reads', async () => {
    const { database } = await restore(`
CREATE FUNCTION public.evil() RETURNS text LANGUAGE plpgsql SECURITY INVOKER AS $x$
BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch ${pwned()}'''; RETURN 'x'; END $x$;
CREATE VIEW public.asset AS SELECT public.evil() AS id;
`);
    await expect(database.query('SELECT * FROM public.asset')).rejects.toThrow(/must be superuser/);
    expect(existsSync(pwned())).toBe(false);
    expect(await one(database, 'SELECT usesuper FROM pg_user WHERE usename = current_user')).toEqual({
      usesuper: false,
    });
    expect(await one(database, 'SELECT current_setting($$row_security$$) AS it')).toEqual({ it: 'off' });
  });

  it('an extension that is on no list is named, and not made', async () => {
    const error = await refusal(restore('CREATE EXTENSION IF NOT EXISTS file_fdw WITH SCHEMA public;\n'));
    expect(error).toMatchObject({ code: 'extension-unknown', blame: 'environment' });
    expect(error.message).toContain('file_fdw');
  });

  it('rows without end: the harness does not keep them', async () => {
    const error = await refusal(restore(`SELECT repeat('x', 1000000) FROM generate_series(1, 400);\n`));
    expect(error).toMatchObject({ code: 'load-failed', blame: 'environment' });
  });

  it('a small file that unpacks to more than there is room for', async () => {
    const sql = gzipSync(Buffer.concat([Buffer.from(HEAD), Buffer.alloc(64 * 1024 ** 2)]));
    const error = await refusal(restoreDump(local, { sql }, 2 * 1024 ** 2));
    expect(error).toMatchObject({ code: 'disk-budget-too-small', blame: 'usage' });
    expect(error.message).toMatch(/takes more than 2\.0 MiB with what it unpacks to, and --max-disk leaves no more/);
    const nul = await refusal(restoreDump(local, { sql }));
    expect(nul).toMatchObject({ code: 'dump-broken', blame: 'backup' });
    expect(nul.message).toMatch(/line 14: a byte 0/);
  });
});

describe('what a healthy dump of SQL brings', () => {
  it('rows, objects and settings, and none of what belongs to a cluster', async () => {
    const { database, receipt } = await restore(String.raw`
DROP SCHEMA IF EXISTS vectors;
DROP EXTENSION IF EXISTS pg_trgm;
CREATE SCHEMA vectors;
ALTER SCHEMA vectors OWNER TO somebody;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA vectors;
COMMENT ON EXTENSION pg_trgm IS 'text similarity';
COMMENT ON SCHEMA public IS 'standard public schema';
CREATE EXTENSION IF NOT EXISTS earthdistance WITH SCHEMA public;
CREATE TYPE public.mood AS ENUM ('sad', 'it''s; ok');
ALTER TYPE public.mood OWNER TO "Some; body";
CREATE FUNCTION public.f() RETURNS text LANGUAGE plpgsql AS $_$ BEGIN /* ; */ RETURN E'\';' || $$;$$; END; $_$;
CREATE FUNCTION public.g(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END; END;
${TABLE}
ALTER TABLE public.t OWNER TO somebody;
ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.t TO viewer USING (true);
CREATE SEQUENCE public.t_id_seq OWNED BY public.t.id;
/* a comment; of /* several */ lines */ CREATE RULE r AS ON DELETE TO public.t DO ALSO (SELECT 1; SELECT 2);
COPY public.t (id, text) FROM stdin;
1	a\nb
2	\\.
3	\N
\.


COPY public.t FROM stdin;
\.
INSERT INTO public.t VALUES (4, '\! touch x; it''s'), (5, e'\\'';');
SELECT pg_catalog.setval('public.t_id_seq', 7, true);
BEGIN;
SELECT pg_catalog.lo_create('16400');
ALTER LARGE OBJECT 16400 OWNER TO somebody;
SELECT pg_catalog.lowrite(pg_catalog.lo_open('16400', 131072), '\x68');
COMMIT;
CREATE INDEX t_text ON public.t USING gin (text vectors.gin_trgm_ops);
CREATE PUBLICATION p;
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.f();
CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false);
ALTER DATABASE elsewhere SET work_mem TO '5MB';
ALTER DEFAULT PRIVILEGES FOR ROLE somebody GRANT SELECT ON TABLES TO reader;
GRANT SELECT ON TABLE public.t TO reader;
REVOKE ALL ON SCHEMA public FROM PUBLIC;`);
    expect(await database.query('SELECT id, text FROM t ORDER BY id')).toEqual([
      { id: 1, text: 'a\nb' },
      { id: 2, text: '\\.' },
      { id: 3, text: null },
      { id: 4, text: "\\! touch x; it's" },
      { id: 5, text: "\\';" },
    ]);
    expect(await one(database, 'SELECT f(), g(0), nextval($$t_id_seq$$)::int AS next')).toEqual({
      ...{ f: "';;", g: 2, next: 8 },
    });
    expect(await one(database, 'SELECT lo_get(16400) AS it')).toEqual({ it: Buffer.from('h') });
    expect(
      await one(database, `SELECT count(*)::int AS n FROM pg_roles WHERE rolname IN ('viewer', 'Some; body')`),
    ).toEqual({ n: 2 });
    expect(await one(database, `SELECT setconfig FROM pg_db_role_setting WHERE setrole = 0`)).toEqual({
      setconfig: ['work_mem=5MB'],
    });
    expect(receipt.details).toMatchObject({
      complete: true,
      tables: 1,
      extensions: 'pg_trgm, earthdistance',
      rolesMade: 'somebody, Some; body, viewer, reader',
      leftOut:
        '1 of settings of a newer server, 2 of schemas made before, 4 of extensions, 4 of owners, 2 of transactions, 2 of publications and subscriptions, 1 of event triggers, 3 of grants',
    });
  });

  it.each([
    ['a value that is none', 'x\tMARKED-6f1d', 'rows of t, row 2, column id, line 17'],
    ['a row with more columns', '2\ta\tMARKED-6f1d', 'rows of t, row 2, line 17'],
  ])('%s is named by its place and not by what it says', async (_, row, place) => {
    const error = await refusal(restore(`${TABLE}COPY public.t FROM stdin;\n1\t${MARKED}\n${row}\n\\.\n`));
    expect(error).toMatchObject({ code: 'load-failed', blame: 'backup' });
    expect(error.message).toContain(place);
    expect(`${error.message} ${error.tail} ${String(error.cause)}`).not.toContain(MARKED);
    expect(logs()).not.toContain(MARKED);
  });

  it('a row that is there twice is named by its key, and nothing of the dump stays', async () => {
    const body = `${TABLE}COPY public.t FROM stdin;\n1\t${MARKED}\n1\t${MARKED}\n\\.\nCREATE UNIQUE INDEX u ON public.t (text);\n`;
    const error = await refusal(restore(body));
    expect(error).toMatchObject({ code: 'load-failed', blame: 'backup' });
    expect(error.message).toMatch(
      /at line 19 of the dump, CREATE UNIQUE: a value that must be unique is there twice \(t, u\)/,
    );
    expect(`${error.message} ${error.tail}`).not.toContain(MARKED);
  });

  it('a dump that gzip cannot unpack to its end is told by the byte', async () => {
    const packed = gzipSync(`${HEAD}${TABLE}COPY public.t FROM stdin;\n${`1\t${MARKED}\n`.repeat(9_000)}`);
    const error = await refusal(restoreDump(local, { sql: packed.subarray(0, packed.length - 20) }));
    expect(error.blame).toBe('backup');
    expect(error.tail).toMatch(/gzip stopped behind byte \d+ of what it unpacked/);
    expect(`${error.message} ${error.tail}${logs()}`).not.toContain(MARKED);
  });
});

/** Everything that jobs and servers have logged. */
function logs(): string {
  const folder = join(local.folder, 'logs');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}
