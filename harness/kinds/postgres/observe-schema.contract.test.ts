import { expect, test } from 'vitest';
import type { Database } from '../../model/target.ts';
import { openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { observeRows } from './observe-rows.ts';
import { observeSchema } from './observe-schema.ts';

const SCHEMA = `
  CREATE ROLE reader;
  CREATE ROLE other;
  CREATE SCHEMA attic;
  CREATE DOMAIN stars AS int CHECK (VALUE BETWEEN 0 AND 5);
  CREATE TYPE place AS (latitude float, longitude float);
  CREATE TABLE asset (id int PRIMARY KEY, "ownerId" int, rating stars);
  CREATE TABLE attic.asset (id int PRIMARY KEY);
  CREATE INDEX asset_idx ON asset ("ownerId");
  CREATE INDEX asset_idx ON attic.asset (id);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
  CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION stop();
  CREATE FUNCTION first_of(place, place) RETURNS boolean LANGUAGE sql AS 'SELECT ($1).latitude < ($2).latitude';
  CREATE FUNCTION to_place(int) RETURNS place LANGUAGE sql AS 'SELECT ROW($1, $1)::place';
  CREATE OPERATOR <<< (leftarg = place, rightarg = place, function = first_of);
  CREATE CAST (int AS place) WITH FUNCTION to_place(int);
  CREATE AGGREGATE product(int) (sfunc = int4mul, stype = int, initcond = '1');
  CREATE COLLATION attic.plain (provider = libc, locale = 'C');
  CREATE TEXT SEARCH CONFIGURATION words (copy = simple);
  CREATE MATERIALIZED VIEW ids AS SELECT id FROM asset;
  CREATE SEQUENCE numbers;
  CREATE STATISTICS asset_statistics ON "ownerId", rating FROM asset;
  CREATE RULE kept AS ON DELETE TO attic.asset DO INSTEAD NOTHING;
  GRANT SELECT ON asset TO reader;
  GRANT UPDATE (rating) ON asset TO reader;
  GRANT USAGE ON SEQUENCE numbers TO reader;
  GRANT USAGE ON SCHEMA attic TO reader;
  GRANT CONNECT ON DATABASE photos TO reader;
  ALTER DEFAULT PRIVILEGES FOR ROLE other GRANT SELECT ON TABLES TO reader;
  ALTER ROLE reader IN DATABASE photos SET work_mem = '8MB';
  ALTER TABLE asset ENABLE ROW LEVEL SECURITY;
  ALTER TABLE asset FORCE ROW LEVEL SECURITY;
  CREATE POLICY mine ON asset FOR SELECT TO reader USING ("ownerId" = 1);
  COMMENT ON COLUMN asset.rating IS 'what reader thinks';
  SELECT lo_from_bytea(4711, decode(repeat('cafe', 600000), 'hex')), lo_create(4712);
  GRANT SELECT ON LARGE OBJECT 4711 TO reader;`;

/** What is lost or changed, and the one thing that must be reported of it. */
const LOSSES: readonly (readonly [string, string])[] = [
  ['ALTER TABLE asset OWNER TO other', 'owner table public.asset'],
  ['ALTER SCHEMA attic OWNER TO other', 'owner schema attic'],
  ['ALTER DATABASE photos OWNER TO other', 'owner database'],
  ['ALTER FUNCTION touch() OWNER TO other', 'owner function public.touch()'],
  ['ALTER LARGE OBJECT 4711 OWNER TO other', 'owner large object 4711'],
  ['REVOKE SELECT ON asset FROM reader', 'grant table public.asset'],
  ['GRANT SELECT ON asset TO reader WITH GRANT OPTION', 'grant table public.asset'],
  ['REVOKE UPDATE (rating) ON asset FROM reader', 'grant table column public.asset.rating'],
  ['REVOKE USAGE ON SEQUENCE numbers FROM reader', 'grant sequence public.numbers'],
  ['REVOKE USAGE ON SCHEMA attic FROM reader', 'grant schema attic'],
  ['REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC', 'grant function public.touch()'],
  ['REVOKE CONNECT ON DATABASE photos FROM reader', 'grant database'],
  ['REVOKE USAGE ON TYPE stars FROM PUBLIC', 'grant type public.stars'],
  ['REVOKE SELECT ON LARGE OBJECT 4711 FROM reader', 'grant large object 4711'],
  ['ALTER DEFAULT PRIVILEGES FOR ROLE other REVOKE SELECT ON TABLES FROM reader', 'default-privilege of other on r'],
  ['ALTER TABLE asset DISABLE ROW LEVEL SECURITY', 'row-security asset'],
  ['ALTER TABLE asset NO FORCE ROW LEVEL SECURITY', 'row-security asset'],
  ['ALTER POLICY mine ON asset TO PUBLIC', 'policy mine on asset'],
  ['ALTER POLICY mine ON asset USING (true)', 'policy mine on asset'],
  ['DROP POLICY mine ON asset', 'policy mine on asset'],
  ['ALTER DOMAIN stars DROP CONSTRAINT stars_check', 'domain public.stars'],
  ['ALTER DOMAIN stars SET NOT NULL', 'domain public.stars'],
  ['ALTER TYPE place RENAME ATTRIBUTE latitude TO lat', 'type public.place'],
  ['DROP AGGREGATE product(int)', 'aggregate product(integer)'],
  ['DROP OPERATOR <<< (place, place)', 'operator public.<<<(public.place,public.place)'],
  ['DROP CAST (int AS place)', 'cast integer as place'],
  ['DROP COLLATION attic.plain', 'collation attic.plain'],
  ['ALTER TEXT SEARCH CONFIGURATION words DROP MAPPING FOR word', 'text-search configuration public.words'],
  ['ALTER EVENT TRIGGER watch DISABLE', 'event-trigger watch'],
  ['DROP RULE kept ON attic.asset', 'rule kept on attic.asset'],
  ['DROP STATISTICS asset_statistics', 'statistics asset_statistics'],
  ['REFRESH MATERIALIZED VIEW ids WITH NO DATA', 'table ids'],
  ['DROP INDEX attic.asset_idx', 'index attic.asset_idx'],
  ["COMMENT ON COLUMN asset.rating IS 'something'", 'comment table column public.asset.rating'],
  ['ALTER ROLE reader IN DATABASE photos RESET work_mem', 'setting reader work_mem'],
];

test('whatever is lost of a schema is seen, and named', async () => {
  await using local = await openLocalForTest();
  const database = await (await local.substrate.postgres('database', 'photos')).start();
  await database.query(SCHEMA);
  let before = await observed(database);
  for (const [loss, subject] of LOSSES) {
    await database.query(loss);
    const after = await observed(database);
    const ids = new Set([...before.keys(), ...after.keys()]);
    expect(
      [...ids].filter((id) => before.get(id) !== after.get(id)),
      loss,
    ).toContain(subject);
    before = after;
  }
});

test('a large object is seen piece by piece, also one that is empty', async () => {
  await using local = await openLocalForTest();
  const database = await (await local.substrate.postgres('database', 'photos')).start();
  await database.query(`SELECT lo_from_bytea(4711, decode(repeat('cafe', 600000), 'hex')), lo_create(4712)`);
  const before = await largeObjects(database);
  expect([...before.keys()]).toEqual(['4711/0', '4711/1048576', '4712/0']);
  await database.query(`SELECT lo_put(4711, 1100000, 'x')`);
  const after = await largeObjects(database);
  expect([...after].filter(([key, digest]) => before.get(key) !== digest).map(([key]) => key)).toEqual([
    '4711/1048576',
  ]);
  await database.query('SELECT lo_unlink(4712)');
  expect([...(await largeObjects(database)).keys()]).toEqual(['4711/0', '4711/1048576']);
});

test('what every server has by itself is no grant', async () => {
  await using local = await openLocalForTest();
  const database = await (await local.substrate.postgres('database', 'photos')).start();
  await database.query('CREATE TABLE asset (id int); CREATE EXTENSION pg_trgm; GRANT ALL ON asset TO CURRENT_USER');
  const objects = await observeSchema(database);
  expect(objects.filter(({ kind }) => kind === 'grant')).toEqual([]);
  expect(objects.filter(({ kind }) => kind === 'owner').map(({ id }) => id)).toEqual([
    'owner database',
    'owner schema public',
    'owner table public.asset',
  ]);
});

async function observed(database: Database): Promise<Map<string, string>> {
  return new Map((await observeSchema(database)).map(({ id, definition }) => [id, definition]));
}

async function largeObjects(database: Database): Promise<Map<string, string>> {
  const rows = await Array.fromAsync(observeRows(database));
  return new Map(rows.filter(({ table }) => table === 'pg_largeobject').map(({ key, digest }) => [key, digest]));
}
