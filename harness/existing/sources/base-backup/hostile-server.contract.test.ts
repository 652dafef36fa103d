import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalForTest, openLocalForTest } from '../../../substrates/local/testing/open-local.ts';
import { canaryLibrary } from '../testing/canary-library.ts';
import { LiveServer, stateOf } from '../testing/live-server.ts';
import { DATABASE, restoreCopy } from '../testing/restore-copy.ts';

const SLOTS = 'SELECT slot_name, confirmed_flush_lsn::text, active FROM pg_replication_slots ORDER BY 1';

describe('a physical copy of a server whose catalogs and log do harm', () => {
  /** Whom the copied server follows. */
  let publisher: LiveServer;
  let copied: LiveServer;
  let local: LocalForTest;

  beforeAll(async () => {
    [publisher, copied] = await Promise.all([LiveServer.start(), LiveServer.start()]);
    for (const server of [publisher, copied]) {
      await server.query('postgres', `CREATE DATABASE ${DATABASE}`);
      await server.query(DATABASE, 'CREATE TABLE asset (id int PRIMARY KEY)');
    }
  }, 120_000);

  afterAll(async () => {
    await publisher?.[Symbol.asyncDispose]();
    await copied?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    local = await openLocalForTest();
  });

  afterEach(async () => {
    await local[Symbol.asyncDispose]();
  });

  it('follows nobody, though its subscription was enabled: the slot of the publisher stays where it is', async () => {
    await publisher.query(DATABASE, 'CREATE PUBLICATION everything FOR TABLE asset');
    const connection = `host=127.0.0.1 port=${publisher.port} dbname=${DATABASE} user=postgres`;
    await copied.query(DATABASE, `CREATE SUBSCRIPTION following CONNECTION '${connection}' PUBLICATION everything`);
    const folder = await copied.baseBackup('following');
    await copied.query(DATABASE, 'ALTER SUBSCRIPTION following DISABLE');
    await expect.poll(() => publisher.query('postgres', SLOTS)).toMatchObject([{ active: false }]);
    await publisher.query(DATABASE, 'INSERT INTO asset SELECT generate_series(1, 10)');
    const slots = await publisher.query('postgres', SLOTS);
    const seen = replicationsIn(publisher.log);
    const { database } = await restoreCopy(local, folder);
    const workers = `SELECT FROM pg_stat_activity WHERE backend_type LIKE 'logical replication%'`;
    expect(await database.query(workers)).toEqual([]);
    expect(await database.query('SELECT subenabled, subslotname, subconninfo FROM pg_subscription')).toEqual([
      { subenabled: false, subslotname: null, subconninfo: '' },
    ]);
    expect(await database.query('SELECT FROM asset')).toEqual([]);
    await database.destroy();
    expect(await publisher.query('postgres', SLOTS)).toEqual(slots);
    expect(replicationsIn(publisher.log)).toEqual(seen);
    // The real subscriber goes on, and has lost nothing.
    await copied.query(DATABASE, 'ALTER SUBSCRIPTION following ENABLE');
    const count = () => copied.query(DATABASE, 'SELECT count(*)::int AS n FROM asset');
    await expect.poll(count, { timeout: 20_000 }).toEqual([{ n: 10 }]);
    await copied.query(DATABASE, 'DROP SUBSCRIPTION following', 'TRUNCATE asset');
  });

  it('starts with more replication slots than a server has room for, and keeps none', async () => {
    for (const name of ['one', 'two'])
      await copied.query(DATABASE, `SELECT pg_create_physical_replication_slot('${name}', true)`);
    const folder = await copied.baseBackup('slots');
    cpSync(join(copied.folder, 'live-data/pg_replslot'), join(folder, 'pg_replslot'), { recursive: true });
    for (const name of ['one', 'two']) await copied.query(DATABASE, `SELECT pg_drop_replication_slot('${name}')`);
    const { database } = await restoreCopy(local, folder);
    expect(await database.query('SELECT FROM pg_replication_slots')).toEqual([]);
  });

  it('runs nothing that its catalogs name, and lets only the run in', async () => {
    const folderOfTheirs = copied.own('theirs-by-catalogs');
    const touched = join(folderOfTheirs, 'touched');
    const library = canaryLibrary(folderOfTheirs, touched);
    await copied.query(
      DATABASE,
      'CREATE ROLE other SUPERUSER LOGIN',
      `CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fired'; END $$`,
      'CREATE FUNCTION from_copy(cstring) RETURNS int LANGUAGE internal STRICT AS $$int4in$$',
      'SET allow_system_table_mods = on',
      `UPDATE pg_proc SET probin = '${library}', prolang = 13, prosrc = 'f' WHERE proname = 'from_copy'`,
      'CREATE EVENT TRIGGER noting ON ddl_command_start EXECUTE FUNCTION note()',
    );
    await copied.query(
      'postgres',
      `ALTER DATABASE ${DATABASE} SET session_preload_libraries = '${library}'`,
      `ALTER ROLE other SET session_preload_libraries = '${library}'`,
    );
    const folder = await copied.baseBackup('busy', '--format=tar', '--gzip');
    await copied.query('postgres', `ALTER DATABASE ${DATABASE} RESET ALL`, 'ALTER ROLE other RESET ALL');
    await copied.query(DATABASE, 'ALTER EVENT TRIGGER noting DISABLE');
    await copied.query(DATABASE, 'DROP EVENT TRIGGER noting', 'DROP FUNCTION from_copy', 'DROP ROLE other');
    const { database } = await restoreCopy(local, folder);
    await database.query('CREATE TABLE made_by_an_upgrade (id int)');
    await expect(database.query(`SELECT from_copy('1')`)).rejects.toThrow('not-loaded-out-of-a-backup');
    expect(await database.query('SELECT FROM pg_db_role_setting')).toEqual([]);
    const may = await database.query('SELECT rolname FROM pg_roles WHERE rolcanlogin');
    expect(may).toEqual([{ rolname: 'postgres' }]);
    const open = await database.query('SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1');
    expect(open).toEqual([{ datname: DATABASE }, { datname: 'postgres' }]);
    expect(existsSync(touched)).toBe(false);
  });

  it('whose log makes a tablespace where the live one has its own writes nothing there', async () => {
    const folder = await copied.baseBackup('early', '--wal-method=none');
    const shelf = copied.own('shelf');
    await copied.query('postgres', `CREATE TABLESPACE shelf LOCATION '${shelf}'`);
    await copied.query(DATABASE, 'CREATE TABLE kept TABLESPACE shelf AS SELECT 1 AS id', 'VACUUM FREEZE kept');
    await copied.query(DATABASE, 'CHECKPOINT', 'SELECT pg_switch_wal()', 'CHECKPOINT');
    const there = stateOf(shelf);
    cpSync(join(copied.folder, 'live-data/pg_wal'), join(folder, 'pg_wal'), { recursive: true });
    try {
      await expect(restoreCopy(local, folder)).rejects.toMatchObject({
        code: 'tablespaces-unsupported',
        blame: 'environment',
      });
      expect(stateOf(shelf)).toEqual(there);
      expect(await copied.query(DATABASE, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
    } finally {
      await copied.query(DATABASE, 'DROP TABLE kept');
      await copied.query('postgres', 'DROP TABLESPACE shelf');
    }
  });
});

/** What a server says of those who follow it. */
function replicationsIn(log: string): string[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /replication/i.test(line) && !line.includes('SELECT'));
}
