import { expect, it } from 'vitest';
import { treat } from './treat-statement.ts';

const AROUND = {
  database: 'my "own"',
  settings: new Set(['work_mem', 'default_tablespace', 'statement_timeout']),
  schemas: new Set(['public', 'a b']),
};

it.each([
  ['CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;', 'extensions'],
  [`COMMENT ON EXTENSION vector IS 'x; y';`, 'extensions'],
  ['CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql;', 'extensions'],
  ['ALTER TABLE ONLY public."OWNER TO" OWNER TO "a b";', 'owners'],
  ['ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT ALL ON TABLES TO b;', 'grants'],
  [`CREATE ROLE "x; y" WITH SUPERUSER;`, 'roles'],
  ['SET SESSION AUTHORIZATION postgres;', 'roles'],
  ['/* hello */ set -- there\n role postgres;', 'roles'],
  ['CREATE DATABASE x WITH TEMPLATE = template0;', 'databases'],
  ['ALTER DATABASE x OWNER TO y;', 'databases'],
  [`SET default_tablespace = fast;`, 'tablespaces'],
  ['SET transaction_timeout = 0;', 'settings of a newer server'],
  ['DROP SCHEMA IF EXISTS public;', 'schemas made before'],
  ['CREATE SCHEMA "a b";', 'schemas made before'],
  ['COMMIT;', 'transactions'],
  [`SECURITY LABEL ON TABLE x IS 'y';`, 'security labels'],
])('leaves out: %s', (statement, kind) => {
  expect(treat(statement, AROUND)).toEqual({ skip: kind });
});

it.each([
  'CREATE SCHEMA "A b";',
  'ALTER TABLE ONLY public.x ADD CONSTRAINT y FOREIGN KEY (z) REFERENCES public.w(id);',
  `ALTER TABLE public.x ALTER COLUMN y SET DEFAULT 'OWNER TO z';`,
  'CREATE TABLE "grant" (id int);',
  'CREATE USER MAPPING FOR x SERVER y;',
  `SET default_tablespace = '';`,
  `SET work_mem TO '5MB';`,
  'SET vectors.enable = on;',
  'ALTER TABLE public.x DISABLE TRIGGER y;',
  'COMMENT ON COLUMN public.extension.id IS $$grant$$;',
])('runs as it stands: %s', (statement) => {
  expect(treat(statement, AROUND)).toEqual({ run: statement });
});

it('gives settings of the database to our own, whatever its name', () => {
  expect(treat('ALTER DATABASE "x "" y" SET work_mem = 1;', AROUND)).toEqual({
    run: 'ALTER DATABASE "my ""own""" SET work_mem = 1;',
  });
});
