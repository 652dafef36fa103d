import { expect, it } from 'vitest';
import { formatOf } from './format-of.ts';
import { readArchiveHead } from './read-archive-head.ts';
import { readStatements } from './read-statements.ts';

const DUMP = `-- PostgreSQL database dump
-- Dumped from database version 14.19 (Debian 14.19-1.pgdg120+1)
-- Dumped by pg_dump version 17.11
CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS vchord WITH SCHEMA public;
CREATE TABLE public.asset (
ALTER TABLE public.asset OWNER TO "immich-app";
ALTER FUNCTION public.f_unaccent(text) OWNER TO immich;
CREATE UNIQUE INDEX "UQ_assets_owner_checksum" ON public.asset USING btree ("ownerId", checksum);
CREATE INDEX asset_id_idx ON public.asset USING btree (id);
    ADD CONSTRAINT "asset_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES public."user"(id);
GRANT SELECT ON TABLE public.asset TO reader;
GRANT ALL ON SCHEMA public TO PUBLIC;
-- PostgreSQL database dump complete`;

it('reads what a dump needs and declares', () => {
  expect(readStatements(DUMP)).toEqual({
    server: '14.19',
    client: '17.11',
    extensions: ['uuid-ossp', 'vchord'],
    roles: ['immich-app', 'immich', 'reader'],
    isCluster: false,
    database: '',
    tables: 1,
    indexes: 2,
    foreignKeys: 1,
  });
});

it('finds the fullest database of a dump of everything', () => {
  const all = String.raw`-- PostgreSQL database cluster dump
CREATE ROLE immich;
\connect template1
\connect -reuse-previous=on "dbname='my-photos'"
CREATE TABLE public.asset (
CREATE TABLE public.album (
\connect postgres
CREATE TABLE public.other (`;
  expect(readStatements(all)).toMatchObject({ isCluster: true, database: 'my-photos', tables: 2, server: '' });
  expect(readStatements(all, 'postgres')).toMatchObject({ database: 'postgres', tables: 1 });
  expect(readStatements(all, 'none')).toMatchObject({ database: 'my-photos', tables: 2 });
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
