import { describe, expect, it } from 'vitest';
import { observeRows } from '../kinds/postgres/observe-rows.ts';
import { observeSchema } from '../kinds/postgres/observe-schema.ts';
import { DrillError } from '../model/error.ts';
import type { BackupPath } from '../model/path.ts';
import type { Database } from '../model/target.ts';
import { contextForTest, openLocalForTest } from '../substrates/local/testing/open-local.ts';
import { pgBasebackup } from './pg-basebackup.ts';
import { pgDump } from './pg-dump.ts';
import { pgDumpTables } from './pg-dump-tables.ts';

const PATHS: Record<string, BackupPath<'postgres'>> = {
  'pg-dump custom': pgDump({ format: 'custom' }),
  'pg-dump directory': pgDump({ format: 'directory' }),
  'pg-dump plain': pgDump({ format: 'plain' }),
  'pg-dump-tables': pgDumpTables(),
  'pg-basebackup': pgBasebackup(),
};

const SCHEMA = `
  CREATE EXTENSION pg_trgm;
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
  CREATE TABLE "user" (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text NOT NULL UNIQUE, mood mood, secret bytea);
  CREATE TABLE asset (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "ownerId" int NOT NULL REFERENCES "user"(id) ON DELETE CASCADE,
    name text, taken timestamptz, numbers real[], data jsonb);
  CREATE INDEX "asset_name_idx" ON asset USING gin (name gin_trgm_ops);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.taken = now(); RETURN NEW; END $$;
  CREATE TRIGGER asset_touch BEFORE UPDATE ON asset FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE TABLE nokey (a int, b text);
  INSERT INTO "user" (name, mood, secret) SELECT 'user ' || i, 'happy', decode(md5(i::text), 'hex') FROM generate_series(1, 5) i;
  INSERT INTO asset ("ownerId", name, taken, numbers, data)
    SELECT i % 5 + 1, 'tab	new' || chr(10) || 'line \\ ünï ' || i, '2024-05-01Z', ARRAY[0.1, i, 1e-20]::real[], jsonb_build_object('i', i)
    FROM generate_series(1, 2000) i;
  INSERT INTO nokey VALUES (1, NULL), (1, NULL), (2, '');
  CREATE SCHEMA attic;
  CREATE TABLE attic.asset (id int, name text);
  CREATE INDEX "asset_name_idx" ON attic.asset (name);
  CREATE DOMAIN stars AS int NOT NULL CHECK (VALUE BETWEEN 0 AND 5);
  CREATE TYPE place AS (latitude float, longitude float);
  CREATE AGGREGATE product(int) (sfunc = int4mul, stype = int, initcond = '1');
  CREATE MATERIALIZED VIEW names AS SELECT DISTINCT name FROM asset;
  CREATE STATISTICS asset_statistics ON name, taken FROM asset;
  CREATE RULE asset_kept AS ON DELETE TO attic.asset DO INSTEAD NOTHING;
  CREATE COLLATION attic.plain (provider = libc, locale = 'C');
  CREATE TEXT SEARCH CONFIGURATION attic.words (copy = simple);
  GRANT SELECT ON asset TO PUBLIC;
  GRANT UPDATE (name) ON asset TO pg_monitor WITH GRANT OPTION;
  REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC;
  GRANT USAGE ON SCHEMA attic TO pg_monitor;
  ALTER DEFAULT PRIVILEGES IN SCHEMA attic GRANT SELECT ON TABLES TO pg_monitor;
  ALTER TABLE asset ENABLE ROW LEVEL SECURITY;
  CREATE POLICY mine ON asset FOR SELECT USING ("ownerId" = 1);
  COMMENT ON TABLE asset IS 'What people have uploaded.';
  SELECT lo_from_bytea(4711, decode(repeat('cafe', 600000), 'hex')), lo_create(4712);
  GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC;`;

async function look(database: Database): Promise<object> {
  return { rows: await Array.fromAsync(observeRows(database)), schema: await observeSchema(database) };
}

describe.each(Object.entries(PATHS))('database path %s', (_, path) => {
  it('brings back every row and every schema object, into a new server', async () => {
    await using local = await openLocalForTest();
    const context = await contextForTest(local, 'database');
    const source = await (await local.substrate.postgres('database', 'photos')).start();
    await source.query(SCHEMA);
    const before = await look(source);
    const receipt = await path.backup({ ...context, source });
    await source.destroy();
    expect(await source.exists()).toBe(false);

    const slot = await local.substrate.postgres('database-restored', 'photos');
    await path.restore({ ...context, receipt, target: slot });
    const restored = await slot.start();
    expect(restored.identity).not.toBe(source.identity);
    expect(await look(restored)).toEqual(before);
    expect(receipt.objects.every(({ sizeBytes }) => sizeBytes > 0)).toBe(true);
    // Sequences go on where they were, so that the next user does not collide with an old one.
    expect(await restored.query(`INSERT INTO "user" (name) VALUES ('next') RETURNING id`)).toEqual([{ id: 6 }]);
  });
});

describe('observing a database', () => {
  it('sees a changed value, a missing row, an index, a trigger that is off and a sequence that lags', async () => {
    await using local = await openLocalForTest();
    const database = await (await local.substrate.postgres('database', 'photos')).start();
    await database.query(SCHEMA);
    let before = await look(database);
    for (const change of [
      `UPDATE asset SET numbers[1] = 0.2 WHERE data->>'i' = '7'`,
      `DELETE FROM nokey WHERE ctid = (SELECT ctid FROM nokey WHERE b IS NULL LIMIT 1)`,
      `DROP INDEX asset_name_idx`,
      `ALTER TABLE asset DISABLE TRIGGER asset_touch`,
      `SELECT setval('user_id_seq', 1)`,
      `ALTER TABLE asset ALTER COLUMN name SET DEFAULT 'x'`,
      `ALTER TYPE mood ADD VALUE 'great'`,
    ]) {
      await database.query(change);
      const after = await look(database);
      expect(after, change).not.toEqual(before);
      before = after;
    }
  });

  it('fails a copy that breaks instead of ending it early', async () => {
    await using local = await openLocalForTest();
    const database = await (await local.substrate.postgres('database', 'photos')).start();
    const broken = Array.fromAsync(
      database.copyOut(`COPY (SELECT 10 / (5000 - i) FROM generate_series(1, 9000) i) TO STDOUT`),
    );
    await expect(broken).rejects.toThrow(/division by zero/);
    expect(await Array.fromAsync(database.copyOut(`COPY (SELECT 1) TO STDOUT`))).toEqual([['1']]);
  });
});

describe('a job that fails', () => {
  it('says which program ended how, with its last lines, and hides the password', async () => {
    await using local = await openLocalForTest();
    const context = await contextForTest(local, 'database');
    const source = await (await local.substrate.postgres('database', 'photos')).start();
    await source.query(`DROP DATABASE IF EXISTS other`);
    const failing = context.run({
      name: 'database.fails',
      volumes: [],
      steps: () => [
        {
          program: 'psql',
          args: ['--command', 'SELECT 1'],
          env: { PGHOST: source.host, PGPORT: String(source.port), PGUSER: 'nobody', PGPASSWORD: source.password },
        },
      ],
    });
    const error = await failing.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DrillError);
    expect(error).toMatchObject({ code: 'job-failed', blame: 'backup', where: 'job/database.fails' });
    expect((error as DrillError).tail).toMatch(/password authentication failed/);
    expect(JSON.stringify(error)).not.toContain(source.password.reveal());
  });
});
