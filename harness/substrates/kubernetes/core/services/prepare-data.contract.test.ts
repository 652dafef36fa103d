import { chownSync, existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverAccount } from '../../../../machine/processes/account.ts';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import { TAKEOVER_FILE } from '../../../../model/takeover.ts';
import { ENDED_WITH, prepareData } from './prepare-data.ts';

/** In its pod the script is root, beside an account of that name. */
const { exitCode } = await execa('su', ['postgres', '-s', '/bin/sh', '-c', 'true'], { reject: false });
const fits = process.getuid?.() === 0 && exitCode === 0;

describe.skipIf(!fits)('preparing the data of a server in a pod', () => {
  const account = serverAccount();
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prepare-'));
    if (account) chownSync(folder, account.uid, account.gid);
    const initdb = (await (await openToolbox()).provide('initdb')).location;
    path = `${join(initdb, '..')}:${process.env.PATH}`;
    await execa(initdb, ['-D', folder, '-U', 'theirs', '--locale=C', '--no-sync'], { cwd: '/', ...account });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  async function prepare(database = 'photos'): Promise<{ exitCode: number | undefined; all: string }> {
    const env = { PGDATA: folder, POSTGRES_USER: 'postgres', POSTGRES_DB: database, POSTGRES_PASSWORD: 'of-this-run' };
    const { exitCode, all } = await execa('sh', ['-c', prepareData('postgres', database)], {
      env: { ...env, PATH: path },
      cwd: '/',
      all: true,
      reject: false,
    });
    return { exitCode, all };
  }

  it('gives it to the account, and no more where nothing is to be taken over; links are not followed', async () => {
    const other = mkdtempSync(join(tmpdir(), 'other-'));
    symlinkSync(other, join(folder, 'link'));
    chownSync(join(folder, 'PG_VERSION'), 0, 0);
    expect(await prepare()).toMatchObject({ exitCode: 0, all: '' });
    expect(lstatSync(join(folder, 'PG_VERSION')).uid).toBe(account?.uid);
    expect(lstatSync(other).uid).toBe(0);
    rmSync(other, { recursive: true });
  });

  it.each(['photos', 'template1'])('takes a copy over: %s', async (database) => {
    writeFileSync(join(folder, TAKEOVER_FILE), 'theirs');
    const { all, exitCode } = await prepare(database);
    expect(exitCode, all).toBe(0);
    expect(all.split('drill-neutral').length - 1).toBe(database === 'template1' ? 2 : 1);
    expect(existsSync(join(folder, TAKEOVER_FILE))).toBe(false);
  });

  it('says how the server ended when it could not', async () => {
    writeFileSync(join(folder, TAKEOVER_FILE), 'theirs');
    rmSync(join(folder, 'pg_wal'), { recursive: true });
    const { all, exitCode } = await prepare();
    expect(exitCode).toBe(1);
    expect(all).toMatch(new RegExp(`(FATAL|PANIC):[^]*${ENDED_WITH} [1-9]`));
    expect(existsSync(join(folder, TAKEOVER_FILE))).toBe(true);
  });
});
