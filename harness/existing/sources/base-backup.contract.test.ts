import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { canaryLibrary } from './testing/canary-library.ts';
import { LiveServer, stateOf } from './testing/live-server.ts';
import { DATABASE, restoreCopy } from './testing/restore-copy.ts';

const ROWS = 500;
const isRoot = process.getuid?.() === 0;

describe('a physical copy', () => {
  let live: LiveServer;
  let local: LocalForTest;
  /** A folder of somebody else, with files in it. */
  let canary: string;
  let space: string;
  let plain: string;
  let untouched: () => string[][];
  let before: string[][];

  beforeAll(async () => {
    live = await LiveServer.start();
    await live.query('postgres', `CREATE DATABASE ${DATABASE}`);
    await live.query(
      DATABASE,
      'CREATE TABLE asset (id int PRIMARY KEY)',
      `INSERT INTO asset SELECT generate_series(1, ${ROWS})`,
    );
    plain = await live.baseBackup('plain');
    await live.baseBackup('tar', '--format=tar');
    await live.baseBackup('gzip', '--format=tar', '--gzip');
    space = live.own('space');
    await live.query('postgres', `CREATE TABLESPACE attic LOCATION '${space}'`);
    await live.query(DATABASE, 'CREATE TABLE old TABLESPACE attic AS SELECT generate_series(1, 1000) AS id');
    await live.query(DATABASE, 'VACUUM FREEZE', 'CHECKPOINT');
    canary = join(live.folder, 'canary');
    mkdirSync(join(canary, 'deep'), { recursive: true });
    for (const name of ['a', 'deep/b']) writeFileSync(join(canary, name), `not yours: ${name}\n`, { mode: 0o640 });
  }, 120_000);

  afterAll(async () => {
    await live?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    local = await openLocalForTest();
    untouched = () => [stateOf(canary), stateOf(space), stateOf(plain)];
    before = untouched();
  });

  afterEach(async () => {
    await local[Symbol.asyncDispose]();
    expect(untouched()).toEqual(before);
    expect(await live.query(DATABASE, 'SELECT count(*)::int AS n FROM old')).toEqual([{ n: 1000 }]);
  });

  async function expectRestored(place: string, folder?: string) {
    const restored = await restoreCopy(local, place, folder);
    expect(await restored.database.query('SELECT count(*)::int AS n FROM asset')).toEqual([{ n: ROWS }]);
    return restored;
  }

  /** A copy of the healthy copy, to be changed. */
  function changed(name: string, change: (path: string) => void): string {
    const path = join(local.folder, name);
    cpSync(plain, path, { recursive: true, preserveTimestamps: true });
    change(path);
    return path;
  }

  /** An archive of such a copy, which tar makes as it is told to. */
  function archived(path: string, ...args: string[]): string {
    const folder = `${path}-archived`;
    mkdirSync(folder);
    execFileSync('tar', [
      '--create',
      '--gzip',
      '--file',
      join(folder, 'base.tar.gz'),
      '--directory',
      path,
      ...args,
      '.',
    ]);
    return folder;
  }

  async function expectRefused(place: string, code: string, folder?: string): Promise<void> {
    await expect(restoreCopy(local, place, folder)).rejects.toMatchObject({ code, blame: 'environment' });
  }

  it.each(['plain', 'tar', 'gzip'])('that is healthy comes back: %s', async (form) => {
    await expectRestored(live.folder, form);
  });

  it('with its log elsewhere in the place comes back, and the log stays as it was', async () => {
    const place = live.own('with-log');
    // Before there was a tablespace, as the others.
    cpSync(plain, join(place, 'copy'), { recursive: true, preserveTimestamps: true });
    cpSync(join(plain, 'pg_wal'), join(place, 'log'), { recursive: true, preserveTimestamps: true });
    rmSync(join(place, 'copy/pg_wal'), { recursive: true });
    symlinkSync(join(place, 'log'), join(place, 'copy/pg_wal'));
    if (isRoot) execFileSync('chown', ['-R', '--reference', live.folder, place]);
    const log = stateOf(place);
    const { database } = await expectRestored(place, 'copy');
    await database.query('CHECKPOINT');
    await database.destroy();
    expect(stateOf(place)).toEqual(log);
    rmSync(join(place, 'copy/pg_wal'));
    symlinkSync('../log', join(place, 'copy/pg_wal'));
    await local[Symbol.asyncDispose]();
    local = await openLocalForTest();
    await expectRestored(place, 'copy');
  });

  it('whose log lies outside of the place is not judged, and the log is not opened', async () => {
    const place = changed('copy', (path) => {
      cpSync(join(path, 'pg_wal'), join(local.folder, 'log'), { recursive: true });
      rmSync(join(path, 'pg_wal'), { recursive: true });
      symlinkSync(join(local.folder, 'log'), join(path, 'pg_wal'));
    });
    const log = stateOf(join(local.folder, 'log'));
    await expectRefused(place, 'log-outside-copy');
    // Nor is it when a link of the place leads out of it.
    const around = join(local.folder, 'around');
    cpSync(plain, join(around, 'copy'), { recursive: true, preserveTimestamps: true });
    rmSync(join(around, 'copy/pg_wal'), { recursive: true });
    symlinkSync(local.folder, join(around, 'out'));
    symlinkSync('../out/log', join(around, 'copy/pg_wal'));
    await expectRefused(around, 'log-outside-copy', 'copy');
    expect(stateOf(join(local.folder, 'log'))).toEqual(log);
  });

  it('with a tablespace is refused, be it a folder, archives, a link to the live one or a map', async () => {
    await live.baseBackup('spaced', `--tablespace-mapping=${space}=${join(live.folder, 'spaced-attic')}`);
    await live.baseBackup('spaced-tar', '--format=tar');
    await expectRefused(live.folder, 'tablespaces-unsupported', 'spaced');
    await expectRefused(live.folder, 'tablespaces-unsupported', 'spaced-tar');
    const [{ oid } = {}] = await live.query('postgres', `SELECT oid FROM pg_tablespace WHERE spcname = 'attic'`);
    const linked = changed('linked', (path) => symlinkSync(space, join(path, 'pg_tblspc', String(oid))));
    await expectRefused(linked, 'tablespaces-unsupported');
    const mapped = changed('mapped', (path) => writeFileSync(join(path, 'tablespace_map'), `${oid} ${space}\n`));
    await expectRefused(mapped, 'tablespaces-unsupported');
  });

  it('with a link in any folder is refused, and what it leads to keeps its owner', async () => {
    const linked = changed('linked', (path) => symlinkSync(canary, join(path, 'base/canary')));
    await expectRefused(linked, 'copy-not-plain');
    await expectRefused(archived(linked), 'copy-not-plain');
    const file = changed('file', (path) => symlinkSync(join(canary, 'a'), join(path, 'postgresql.conf.old')));
    await expectRefused(file, 'copy-not-plain');
    await expectRefused(archived(file), 'copy-not-plain');
  });

  it('whose archive has a hard link, or a name that leads out of the folder, is refused', async () => {
    const doubled = changed('doubled', (path) => execFileSync('ln', [join(path, 'PG_VERSION'), join(path, 'again')]));
    await expectRefused(archived(doubled), 'copy-not-plain');
    for (const [index, name] of ['../out', '/tmp/out', 'base/../../out'].entries()) {
      const named = changed(`named-${index}`, (path) => writeFileSync(join(path, 'renamed'), 'out'));
      const place = archived(named, '--absolute-names', `--transform=s,^\\./renamed$,${name},`);
      await expectRefused(place, 'copy-not-plain');
    }
  });

  it.each([
    ['PG_VERSION', 'backup-missing'],
    ['backup_label', 'backup-label-missing'],
  ])('without its %s is none', async (name, code) => {
    const place = changed('less', (path) => rmSync(join(path, name)));
    for (const one of [place, archived(place)])
      await expect(restoreCopy(local, one)).rejects.toMatchObject({ code, blame: 'backup' });
  });

  it('with a FIFO is refused, as a folder and as an archive', async () => {
    const odd = changed('odd', (path) => execFileSync('mkfifo', [join(path, 'base/fifo')]));
    await expectRefused(odd, 'copy-not-plain');
    await expectRefused(archived(odd), 'copy-not-plain');
  });

  it.skipIf(!isRoot)('with a device or a program that runs as its owner leaves neither behind', async () => {
    const odd = changed('odd', (path) => execFileSync('mknod', [join(path, 'base/null'), 'c', '1', '3']));
    await expectRefused(odd, 'copy-not-plain');
    await expectRefused(archived(odd), 'copy-not-plain');
    const program = changed('program', (path) => {
      writeFileSync(join(path, 'base/program'), '#!/bin/sh\n');
      execFileSync('chmod', ['6777', join(path, 'base/program')]);
    });
    for (const place of [program, archived(program)]) {
      const { data, database } = await expectRestored(place);
      const entry = stateOf(join(data.path, 'base')).find((line) => line.startsWith('program '));
      expect(entry?.split(' ')[1]).toBe('100600');
      await database.destroy();
    }
  });

  it('whose archive has pg_wal as a link takes the log out of the archive beside it', async () => {
    const path = changed('linked', (path) => {
      rmSync(join(path, 'pg_wal'), { recursive: true });
      symlinkSync(canary, join(path, 'pg_wal'));
    });
    const place = archived(path);
    await expectRefused(place, 'log-outside-copy');
    execFileSync('tar', [
      '--create',
      '--gzip',
      '--file',
      join(place, 'pg_wal.tar.gz'),
      '--directory',
      join(plain, 'pg_wal'),
      '.',
    ]);
    await expectRestored(place);
  });

  it('runs nothing that its settings name', async () => {
    const folderOfTheirs = live.own('theirs-by-settings');
    const touched = join(folderOfTheirs, 'touched');
    const library = canaryLibrary(folderOfTheirs, touched);
    const place = changed('set', (path) => {
      const command = `'touch ${touched}'`;
      const settings = [
        `shared_preload_libraries = '${library}'`,
        `session_preload_libraries = '${library}'`,
        `local_preload_libraries = '${library}'`,
        `jit_provider = '${library}'`,
        `dynamic_library_path = '${local.folder}'`,
        'archive_mode = on',
        'max_replication_slots = 0',
        `archive_command = ${command}`,
        `restore_command = ${command}`,
        `ssl_passphrase_command = ${command}`,
        `primary_conninfo = 'host=127.0.0.1 port=${live.port} user=postgres'`,
        `include '${join(local.folder, 'more.conf')}'`,
      ].join('\n');
      appendFileSync(join(path, 'postgresql.conf'), `\n${settings}\n`);
      appendFileSync(join(path, 'postgresql.auto.conf'), `\n${settings}\n`);
      for (const signal of ['recovery.signal', 'standby.signal']) writeFileSync(join(path, signal), '');
    });
    const { database } = await expectRestored(place);
    await database.query('SELECT pg_switch_wal()');
    expect(await database.query('SELECT name FROM pg_settings WHERE setting ~ $1', ['touch|/canary'])).toEqual([]);
    expect(await database.query(`SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries'`)).toEqual([
      { setting: '' },
    ]);
    expect(existsSync(touched)).toBe(false);
  });
});
