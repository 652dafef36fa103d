import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openToolbox } from '../tools/toolbox/toolbox.ts';
import { bubblewrapArguments } from './bubblewrap-arguments.ts';
import { Sandbox, type SandboxSite } from './sandbox.ts';
import { provideSandboxPrograms } from './sandbox-programs.ts';
import { systemEntries } from './system-entries.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;
let mine: string;
let canary: string;
let server: Server;
let seen: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drill-sandbox-'));
  chmodSync(folder, 0o755);
  mine = join(folder, 'mine');
  mkdirSync(mine);
  canary = join(folder, 'canary');
  writeFileSync(canary, 'untouched');
  seen = 0;
  server = createServer((socket) => {
    seen += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const QUIETLY = { reject: false, all: true, extendEnv: false, env: { PATH: '/usr/bin:/bin' } } as const;

/** Runs a line of shell in a sandbox of this account, or of nobody. */
type Run = (
  script: string,
  site?: Partial<SandboxSite>,
) => Promise<{ readonly stdout: string; readonly exitCode?: number }>;

async function asThisAccount(): Promise<Run> {
  const sandbox = await Sandbox.open('contract-test', folder, await provideSandboxPrograms(await openToolbox()));
  if (sandbox.account) await execa('chown', [`${sandbox.account.uid}`, mine]);
  return async (script, site) => {
    const call = sandbox.call({
      ...{ folders: [{ path: mine, readOnly: false }], cwd: mine, programs: [], network: false, readsAll: false },
      ...site,
    });
    return await execa(call.command, [...call.prefix, 'bash', '-c', script], QUIETLY);
  };
}

async function asNobody(): Promise<Run> {
  const { bwrap, ...programs } = await provideSandboxPrograms(await openToolbox());
  await execa('chown', [`${NOBODY}`, mine]);
  return async (script, site = {}) => {
    const { network = false, folders = [{ path: mine, readOnly: false }] } = site;
    const inside = bubblewrapArguments({
      ...{ ...programs, folders, network, cwd: mine, readsAll: false },
      system: systemEntries({ network }),
      limits: { memoryBytes: 2 ** 30, fileBytes: 2 ** 30 },
    });
    const account = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];
    return await execa('setpriv', [...account, bwrap, ...inside, 'bash', '-c', script], QUIETLY);
  };
}

const ACCOUNTS: readonly { readonly whose: string; readonly open: () => Promise<Run> }[] = [
  { whose: 'the account of the tests', open: asThisAccount },
  // Only root can become somebody else.
  ...(isRoot ? [{ whose: 'an ordinary account', open: asNobody }] : []),
];

describe.each(ACCOUNTS)('a sandbox of $whose', ({ open }) => {
  it('writes to the folders of its call, and to nothing else', async () => {
    const run = await open();
    const script = `ls ${folder}; echo in > ${mine}/a; echo pwned > ${canary}; echo pwned > /usr/pwned; echo pwned > /tmp/pwned-by-drill`;
    const { stdout } = await run(script);
    expect(readFileSync(join(mine, 'a'), 'utf8')).toBe('in\n');
    expect(readFileSync(canary, 'utf8')).toBe('untouched');
    expect(existsSync('/usr/pwned')).toBe(false);
    expect(existsSync('/tmp/pwned-by-drill')).toBe(false);
    // Not even the names of what lies beside them are seen.
    expect(stdout.split('\n')).toEqual(['mine']);
  });

  it('does not write where it may only read', async () => {
    const run = await open();
    writeFileSync(join(mine, 'original'), 'untouched');
    chmodSync(join(mine, 'original'), 0o666);
    const ran = await run(`echo pwned > original; rm -f original; cat original`, {
      folders: [{ path: mine, readOnly: true }],
    });
    expect(ran.stdout).toBe('untouched');
    expect(readFileSync(join(mine, 'original'), 'utf8')).toBe('untouched');
  });

  it('reaches no server of this machine unless it may, and sees no process but its own', async () => {
    const run = await open();
    const { port } = server.address() as { port: number };
    const knock = `(echo hello > /dev/tcp/127.0.0.1/${port}) 2>/dev/null && echo reached; ls -d /proc/[0-9]* | wc -l`;
    expect((await run(knock)).stdout).toMatch(/^\d$/);
    expect(seen).toBe(0);
    expect((await run(knock, { network: true })).stdout).toMatch(/^reached/);
    expect(seen).toBe(1);
  });

  it('has no rights, and gets none by a setuid program or a device of the backup', async () => {
    const run = await open();
    const { stdout } = await run(
      'cp /usr/bin/id id; chmod 4755 id; ./id -u; mknod disk b 8 0 2>&1 | grep -c -i permitted; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status',
    );
    const [uid, refused, ...rights] = stdout.split('\n');
    expect(Number(uid)).toBeGreaterThanOrEqual(NOBODY);
    expect(refused).toBe('1');
    expect(rights.map((line) => line.split('\t').at(-1))).toEqual(['0000000000000000', '0000000000000000', '1']);
  });

  it('keeps the keys and accounts of this machine out of sight', async () => {
    const run = await open();
    const { stdout } = await run(
      'cat /etc/shadow /root/.ssh/* /proc/1/environ 2>/dev/null | wc -c; ls /home /root /var 2>/dev/null',
    );
    expect(Number(stdout.split('\n')[0])).toBeLessThan(2_000);
    expect(stdout.split('\n').slice(1)).toEqual([]);
  });
});

it.runIf(isRoot)('setuid and devices that root restored mean nothing in it', async () => {
  const run = await asThisAccount();
  await execa('cp', ['/usr/bin/id', join(mine, 'id')]);
  await execa('chmod', ['4755', join(mine, 'id')]);
  await execa('mknod', [join(mine, 'null'), 'c', '1', '3']);
  await execa('chmod', ['666', join(mine, 'null')]);
  const { stdout } = await run('./id -u; (echo x > null) 2>/dev/null || echo no device');
  expect(Number(stdout.split('\n')[0])).toBeGreaterThan(NOBODY);
  expect(stdout.split('\n')[1]).toBe('no device');
});

it.runIf(isRoot)(
  "reads a file of the user's that only root may read where it may read all, and never writes it",
  async () => {
    const run = await asThisAccount();
    const theirs = join(folder, 'theirs');
    mkdirSync(theirs, { mode: 0o700 });
    writeFileSync(join(theirs, 'photo'), 'bytes', { mode: 0o600 });
    const folders = [
      { path: mine, readOnly: false },
      { path: theirs, readOnly: true },
    ];
    const copy = `cp ${theirs}/photo ${mine}/ && cat ${mine}/photo; echo pwned > ${theirs}/photo`;
    expect((await run(copy, { folders })).stdout).toBe('');
    expect((await run(copy, { folders, readsAll: true })).stdout).toBe('bytes');
    expect(readFileSync(join(theirs, 'photo'), 'utf8')).toBe('bytes');
  },
);

it('ends with whoever started it, also when that is killed', async () => {
  const sandbox = await Sandbox.open('contract-test', folder, await provideSandboxPrograms(await openToolbox()));
  if (sandbox.account) await execa('chown', [`${sandbox.account.uid}`, mine]);
  const site = { folders: [{ path: mine, readOnly: false }], cwd: mine, programs: [], network: false, readsAll: false };
  const { command, prefix } = sandbox.call(site);
  const script = `while :; do date +%s%N > ${mine}/beat; sleep 0.05; done`;
  const words = JSON.stringify([command, ...prefix, 'bash', '-c', script]);
  const parent = execa(process.execPath, [
    '-e',
    `const [c, ...a] = ${words}; require('node:child_process').spawn(c, a, { detached: true, stdio: 'ignore' }); setInterval(() => {}, 1000);`,
  ]);
  parent.catch(() => {});
  const beat = (): string => (existsSync(join(mine, 'beat')) ? readFileSync(join(mine, 'beat'), 'utf8') : '');
  await expect.poll(beat, { timeout: 20_000 }).toMatch(/\d/);
  parent.kill('SIGKILL');
  await parent.catch(() => {});
  const changes = async (): Promise<boolean> => {
    const before = beat();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return beat() !== before;
  };
  await expect.poll(changes, { timeout: 10_000, interval: 100 }).toBe(false);
});
