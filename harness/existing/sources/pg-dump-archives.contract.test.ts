import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DrillError } from '../../model/error.ts';
import type { Database } from '../../model/target.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { restoreDump } from './testing/restore-dump.ts';

/** Names that a shell, sed, psql or SQL would stumble over. */
const NASTY = `x; touch pwned'"$(touch pwned)/d;e touch pwned`;
const ROLE = `r"; DROP TABLE t; --`;
const MARKED = 'MARKED-91c2';

let local: LocalForTest;
let origin: Database;

/** A program of Postgres that reads the server that is dumped. */
async function onOrigin(program: string, args: readonly string[]): Promise<void> {
  const { host, port, user, password, database } = origin;
  await local.substrate.run({
    name: 'origin',
    volumes: [],
    steps: () => [
      {
        program,
        args,
        env: { PGHOST: host, PGPORT: String(port), PGUSER: user, PGDATABASE: database, PGPASSWORD: password },
      },
    ],
  });
}

const at = (name: string) => join(local.folder, name);
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

beforeAll(async () => {
  local = await openLocalForTest();
  origin = await (await local.substrate.postgres('origin', NASTY)).start();
  for (const sql of [
    `CREATE ROLE ${quoted(ROLE)} SUPERUSER LOGIN PASSWORD 'x'`,
    'CREATE ROLE photos SUPERUSER LOGIN',
    'CREATE SCHEMA vectors',
    'CREATE EXTENSION pg_trgm SCHEMA vectors',
    `CREATE TABLE t (id int PRIMARY KEY, text text)`,
    `INSERT INTO t VALUES (1, '${MARKED}'), (2, E'a\\nb\\\\!')`,
    'CREATE INDEX i ON t USING gin (text vectors.gin_trgm_ops)',
    `ALTER TABLE t OWNER TO ${quoted(ROLE)}`,
    'GRANT SELECT ON t TO photos',
    'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
    'CREATE POLICY p ON t TO photos USING (true)',
    `CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'`,
    'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION note()',
    'CREATE PUBLICATION p FOR ALL TABLES',
    `ALTER DATABASE ${quoted(NASTY)} SET work_mem = '7MB'`,
    `SELECT lo_from_bytea(16400, 'h')`,
  ])
    await origin.query(sql);
});
afterAll(async () => {
  await local?.[Symbol.asyncDispose]();
});

async function expectRestored(database: Database): Promise<void> {
  expect(await database.query('SELECT id, text FROM t ORDER BY id')).toEqual([
    { id: 1, text: MARKED },
    { id: 2, text: 'a\nb\\!' },
  ]);
  expect(await database.query('SELECT rolname AS name FROM pg_roles WHERE rolsuper OR rolcanlogin ORDER BY 1')).toEqual(
    [{ name: 'drill_owner' }, { name: 'postgres' }],
  );
  expect(
    await database.query('SELECT tableowner AS name, current_user AS me FROM pg_tables WHERE tablename = $$t$$'),
  ).toEqual([{ name: 'drill_owner', me: 'drill_owner' }]);
  expect(await database.query('SELECT lo_get(16400) AS it')).toEqual([{ it: Buffer.from('h') }]);
  const made =
    'SELECT FROM pg_event_trigger UNION ALL SELECT FROM pg_publication UNION ALL SELECT FROM pg_subscription';
  expect(await database.query(made)).toEqual([]);
}

it('all that pg_dumpall writes: one database of it, its roles without any power', async () => {
  await onOrigin('pg_dumpall', ['--clean', '--if-exists', '--file', at('all.sql')]);
  const { database, receipt } = await restoreDump(local, { file: at('all.sql') });
  expect(database.database).toBe(NASTY);
  await expectRestored(database);
  expect(await database.query('SELECT setconfig FROM pg_db_role_setting WHERE setrole = 0')).toEqual([
    { setconfig: ['work_mem=7MB'] },
  ]);
  expect(receipt.details).toMatchObject({ cluster: true, complete: true, tables: 1, extensions: 'pg_trgm' });
  expect(receipt.details.leftOut).toMatch(/of owners.*of event triggers/);
  expect(everything().filter((path) => path.endsWith('pwned'))).toEqual([]);
});

describe.each([
  ['custom', []],
  ['directory', []],
  ['plain', ['--clean', '--if-exists']],
  ['plain', ['--create', '--inserts']],
])('a dump of one database, as %s %j', (format, args) => {
  it('comes back as that of an owner who is no superuser', async () => {
    const name = `one-${format}-${args.length}-${args.join('').length}`;
    if (format === 'directory') mkdirSync(at('folders'), { recursive: true });
    const file = format === 'directory' ? at(join('folders', name)) : at(name);
    await onOrigin('pg_dump', ['--format', format, ...args, '--file', file]);
    const { database, receipt } = await restoreDump(local, { file });
    await expectRestored(database);
    expect(receipt.details).toMatchObject({ format, tables: 1, extensions: 'pg_trgm', complete: true });
    expect(receipt.details.leftOut).toMatch(/\d of extensions/);
    expect(receipt.details.leftOut).toMatch(/\d of event triggers/);
    expect(receipt.details.rolesMade).toBe(`${ROLE}, photos`);
  });
});

describe('an archive that does not fit', () => {
  it.each([
    [
      'a function in C',
      `CREATE FUNCTION f(int, float8, float8) RETURNS SETOF float8 LANGUAGE c AS 'tablefunc', 'normal_rand'`,
      /only a superuser/,
      'environment',
    ],
    [
      'rows that break a constraint',
      `ALTER TABLE t ADD CONSTRAINT mine CHECK (current_user = 'postgres')`,
      /pg_restore/,
      'backup',
    ],
  ])('%s: is told without its rows', async (_, sql, what, blame) => {
    await origin.query(sql);
    const file = at(`bad-${blame}`);
    await onOrigin('pg_dump', ['--format=custom', '--file', file]);
    await origin.query('ALTER TABLE t DROP CONSTRAINT IF EXISTS mine; DROP FUNCTION IF EXISTS f');
    const error = await restoreDump(local, { file }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(error instanceof DrillError)) throw new Error(`expected an error of ours, found ${error}`);
    expect(error.message).toMatch(what);
    expect(error.blame).toBe(blame);
    expect(error.tail).toMatch(/pg_restore/);
    expect(`${error.message} ${error.tail}`).not.toContain(MARKED);
  });

  it('its hostile commands run as nobody who could', async () => {
    mkdirSync(at('canary'));
    chmodSync(at('canary'), 0o777);
    chmodSync(local.folder, 0o755);
    // Where it comes from it does nothing.
    await origin.query(
      `CREATE TABLE canary (id int);
       INSERT INTO canary VALUES (1);
       CREATE FUNCTION evil(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN public.worse(); END';
       CREATE FUNCTION worse() RETURNS int LANGUAGE plpgsql AS $x$
       BEGIN
         IF current_database() = 'photos' THEN EXECUTE $y$COPY (SELECT 1) TO PROGRAM 'touch ${at('canary/pwned')}'$y$; END IF;
         RETURN 1;
       EXCEPTION WHEN insufficient_privilege THEN RETURN 1;
       END $x$;
       CREATE INDEX evil_index ON canary (evil(id))`,
    );
    await onOrigin('pg_dump', ['--format=custom', '--file', at('evil')]);
    const { database } = await restoreDump(local, { file: at('evil') });
    expect(await database.query('SELECT FROM canary')).toHaveLength(1);
    expect(existsSync(at('canary/pwned'))).toBe(false);
  });
});

/** The paths of all files below the folder of the test. */
function everything(): string[] {
  return readdirSync(local.folder, { recursive: true, encoding: 'utf8' });
}
