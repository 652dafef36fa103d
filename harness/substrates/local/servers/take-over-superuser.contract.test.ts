import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverAccount } from '../../../machine/processes/account.ts';
import { openToolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import { Secret } from '../../../model/secret.ts';
import { TAKEOVER_FILE } from '../../../model/takeover.ts';
import type { ServerProgram } from './postgres.ts';
import { takeOverSuperuser } from './take-over-superuser.ts';

const NOBODY = { started: () => {}, lost: () => {} };

describe('taking over a physical copy', () => {
  const account = serverAccount();
  let folder: string;
  let postgres: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'takeover-'));
    chmodSync(folder, 0o700);
    if (account) chownSync(folder, account.uid, account.gid);
    const toolbox = await openToolbox();
    postgres = (await toolbox.provide('postgres')).location;
    const initdb = (await toolbox.provide('initdb')).location;
    await execa(initdb, ['-D', folder, '-U', 'theirs', '--locale=C', '--no-sync'], { cwd: '/', ...account });
    writeFileSync(join(folder, TAKEOVER_FILE), 'theirs', { mode: 0o600 });
    if (account) chownSync(join(folder, TAKEOVER_FILE), account.uid, account.gid);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  async function take(program: Partial<ServerProgram> = {}, signal?: AbortSignal): Promise<void> {
    await takeOverSuperuser(
      {
        ...{ name: 'copy', dataFolder: folder, user: 'postgres', database: 'photos' },
        password: new Secret('postgres-password', 'of-this-run'),
        postgres: { command: postgres, prefix: [], env: {}, ...(account && { account }), ...program },
        ...(signal && { signal }),
      },
      NOBODY,
    );
  }

  it('makes the superuser, whatever the old one is called, and is done once', async () => {
    await take();
    expect(existsSync(join(folder, TAKEOVER_FILE))).toBe(false);
    await take({ command: '/nothing' });
  });

  it.each([
    ['may write no more', { command: 'prlimit', prefix: ['--fsize=65536'] }],
    ['is killed', { command: 'sh', prefix: ['-c', 'echo "FATAL:  as if"; kill -9 $$'] }],
    ['is not there', { command: '/nothing', prefix: [] }],
    ['cannot be started', { command: 'sh', prefix: ['-c', 'exit 126'] }],
  ])('says nothing of the copy when the server %s', async (_, { command, prefix }) => {
    const full = command === 'prlimit' ? [...prefix, postgres] : prefix;
    await expect(take({ command, prefix: full })).rejects.toMatchObject({
      code: 'copy-not-started',
      blame: 'environment',
    });
  });

  it('says so when the log is missing', async () => {
    rmSync(join(folder, 'pg_wal'), { recursive: true });
    await expect(take()).rejects.toMatchObject({ code: 'copy-not-recovered', blame: 'backup' });
  });

  it('ends with the drill, and blames nobody then', async () => {
    const drill = new AbortController();
    drill.abort(new Error('interrupted'));
    await expect(take({}, drill.signal)).rejects.toThrow('interrupted');
  });
});
