import { expect, it } from 'vitest';
import { formatOf } from './format-of.ts';
import { readArchiveHead } from './read-archive-head.ts';
import { type DumpSurvey, surveyDump } from './survey-dump.ts';

const DUMP = String.raw`-- PostgreSQL database dump
\restrict abc123
-- Dumped from database version 14.19 (Debian 14.19-1.pgdg120+1)
-- Dumped by pg_dump version 17.11
SET client_encoding = 'UTF8';
CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS vchord WITH SCHEMA "Odd ""one""";
CREATE EXTENSION cube;
CREATE TABLE public.asset (
    id uuid NOT NULL
);
ALTER TABLE public.asset OWNER TO "photos-app";
ALTER FUNCTION public.f_unaccent(text) OWNER TO photos;
COPY public.notes (text) FROM stdin;
CREATE EXTENSION evil;
GRANT ALL ON x TO nobody;
-- PostgreSQL database dump complete
\.
CREATE UNIQUE INDEX "UQ_assets_owner_checksum" ON public.asset USING btree ("ownerId", checksum);
CREATE INDEX asset_id_idx ON public.asset USING btree (id);
ALTER TABLE ONLY public.asset
    ADD CONSTRAINT "asset_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES public."user"(id);
ALTER TABLE public.asset RENAME TO other;
CREATE POLICY own ON public.asset FOR SELECT TO viewer, "Other one", PUBLIC USING ((id = 1));
GRANT SELECT ON TABLE public.asset TO reader WITH GRANT OPTION;
GRANT ALL ON SCHEMA public TO PUBLIC;
-- PostgreSQL database dump complete

\unrestrict abc123
`;

async function survey(text: string, preferred?: string, pieceBytes = text.length): Promise<DumpSurvey> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  return await surveyDump(pieces(), preferred);
}

it.each([1, 2, 7, 64, 100_000])('reads what a dump needs and declares, %d bytes at a time', async (pieceBytes) => {
  expect(await survey(DUMP, undefined, pieceBytes)).toEqual({
    server: '14.19',
    client: '17.11',
    extensions: [
      { name: 'uuid-ossp', schema: 'public' },
      { name: 'vchord', schema: 'Odd "one"' },
      { name: 'cube', schema: '' },
    ],
    roles: ['photos-app', 'photos', 'viewer', 'Other one', 'reader'],
    isCluster: false,
    complete: true,
    database: '',
    tables: 1,
    indexes: 2,
    foreignKeys: 1,
  });
});

it('sees that a dump is cut, also when its rows say otherwise', async () => {
  expect((await survey(DUMP.slice(0, DUMP.indexOf('CREATE UNIQUE')))).complete).toBe(false);
  await expect(survey(DUMP.slice(0, DUMP.indexOf(' USING btree')))).rejects.toThrow(/line 20: it ends in the middle/);
});

it('finds the fullest database of a dump of everything', async () => {
  const all = String.raw`-- PostgreSQL database cluster dump
CREATE ROLE photos;
\connect template1
\connect -reuse-previous=on "dbname='my-photos'"
CREATE TABLE public.asset ();
CREATE TABLE public.album ();
\connect postgres
CREATE TABLE public.other ();
-- PostgreSQL database cluster dump complete`;
  const about = { isCluster: true, complete: true, roles: ['photos'] };
  expect(await survey(all)).toMatchObject({ ...about, database: 'my-photos', tables: 2, server: '' });
  expect(await survey(all, 'postgres')).toMatchObject({ database: 'postgres', tables: 1 });
  expect(await survey(all, 'none')).toMatchObject({ database: 'my-photos', tables: 2 });
  const cut = all.slice(0, all.lastIndexOf('--')).concat('-- PostgreSQL database dump complete\n');
  expect((await survey(cut)).complete).toBe(false);
});

it('tells an encoding that it does not read', async () => {
  await expect(survey(`SET client_encoding = 'LATIN1';`)).rejects.toThrow(/encoding LATIN1/);
});

it('tells formats by their first bytes, and reads no head that is cut or strange', () => {
  expect(formatOf(Buffer.from([0x1f, 0x8b, 8]))).toBe('gzip');
  expect(formatOf(Buffer.from('PGDMP\x01\x10'))).toBe('custom');
  expect(formatOf(Buffer.from('--\n-- PostgreSQL'))).toBe('plain');
  expect(formatOf(Buffer.alloc(0))).toBe('plain');
  for (const head of [
    'PGDMP',
    'PGDMP\x01\x10\x00\x04\x08\x01\x01',
    `PGDMP\x01\x05${'\0'.repeat(60)}`,
    'something else',
  ])
    expect(readArchiveHead(Buffer.from(head, 'latin1'))).toBeUndefined();
});
