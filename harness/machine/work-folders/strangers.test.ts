import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processStart } from '../processes/process-table.ts';
import { surveyWorkRoot, sweepLeftovers } from './leftovers.ts';
import { ownerHere } from './owner.ts';
import { releaseLock } from './run-lock.ts';
import { makeWorkFolder } from './work-folder.ts';

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;
const SWEEP_BUDGET_MS = 10_000;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drill-strangers-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A folder that looks like the work folder of a killed run, with changes to its owner. */
function forged(runId: string, changes: object = {}): string {
  const folder = join(root, `restore-drill-${runId}`);
  mkdirSync(folder, { mode: 0o700 });
  const owner = { ...ownerHere(runId, false), startedAt: 'another time', ...changes };
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
  return folder;
}

/** A process that no run has anything to do with. */
function canary(uid?: number): { readonly pid: number; alive(): boolean; end(): void } {
  const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore', cwd: '/', ...(uid && { uid, gid: uid }) });
  child.unref();
  const pid = child.pid ?? 0;
  const startedAt = processStart(pid);
  return {
    pid,
    alive: () => startedAt !== undefined && processStart(pid) === startedAt,
    end: () => process.kill(pid, 'SIGKILL'),
  };
}

const PLACES: readonly (readonly [string, RegExp, () => string])[] = [
  ['an unzipped release', /no owner/, () => mkdirSync(join(root, 'restore-drill-1.2'), { recursive: true }) ?? ''],
  [
    'a folder with a file of somebody',
    /no owner/,
    () => {
      mkdirSync(join(root, 'restore-drill-backups'));
      writeFileSync(join(root, 'restore-drill-backups', 'dump.sql'), 'mine');
      return join(root, 'restore-drill-backups');
    },
  ],
  [
    'a plain file',
    /no folder/,
    () => {
      writeFileSync(join(root, 'restore-drill-notes.txt'), 'mine');
      return join(root, 'restore-drill-notes.txt');
    },
  ],
  [
    'a pipe as its owner file',
    /no file/,
    () => {
      const folder = join(root, 'restore-drill-pipe');
      mkdirSync(folder, { mode: 0o700 });
      execaSync('mkfifo', [join(folder, 'owner.json')]);
      return folder;
    },
  ],
  [
    'a link as its owner file',
    /cannot be read/,
    () => {
      const real = forged('real');
      const folder = join(root, 'restore-drill-link');
      mkdirSync(folder, { mode: 0o700 });
      cpSync(join(real, 'owner.json'), join(root, 'owner-elsewhere.json'));
      rmSync(real, { recursive: true });
      symlinkSync(join(root, 'owner-elsewhere.json'), join(folder, 'owner.json'));
      return folder;
    },
  ],
  [
    'an owner file without end',
    /too large/,
    () => {
      const folder = forged('large');
      writeFileSync(join(folder, 'owner.json'), 'x'.repeat(1024 * 1024));
      return folder;
    },
  ],
  [
    'an owner file that is nonsense',
    /no JSON/,
    () => {
      const folder = forged('odd');
      writeFileSync(join(folder, 'owner.json'), '{"runId":');
      return folder;
    },
  ],
  [
    'an owner that lacks where it lives',
    /not one of this version/,
    () => {
      const folder = forged('old');
      writeFileSync(join(folder, 'owner.json'), JSON.stringify({ runId: 'old', pid: 1, startedAt: '1', kept: false }));
      return folder;
    },
  ],
  ['a run of another machine', /another-host/, () => forged('far', { host: 'another-host' })],
  ['a run of another PID namespace', /PID namespace/, () => forged('boxed', { pidNamespace: 'pid:[1]' })],
  ['a copy of the folder of another run', /run first, whose/, () => forged('second', { runId: 'first' })],
  [
    'a folder that others may write to',
    /others may write/,
    () => {
      const folder = forged('open');
      chmodSync(folder, 0o777);
      return folder;
    },
  ],
  [
    'a link to a folder',
    /no folder/,
    () => {
      const real = forged('target');
      cpSync(real, join(root, 'elsewhere'), { recursive: true });
      rmSync(real, { recursive: true });
      symlinkSync(join(root, 'elsewhere'), join(root, 'restore-drill-target'));
      return join(root, 'restore-drill-target');
    },
  ],
];

describe('what lies where work folders do', () => {
  it.each(PLACES)('%s is left alone and mentioned', { timeout: SWEEP_BUDGET_MS }, async (_, why, make) => {
    const path = make() || join(root, 'restore-drill-1.2');
    const innocent = canary();
    try {
      const note = { pid: innocent.pid, name: 'x', startedAt: processStart(innocent.pid) };
      if (existsSync(join(path, 'owner.json'))) writeFileSync(join(path, 'pids.jsonl'), `${JSON.stringify(note)}\n`);
      const { removed, leftAlone } = await sweepLeftovers(root);
      expect({ removed, there: existsSync(path), alive: innocent.alive() }).toEqual({
        ...{ removed: [], there: true, alive: true },
      });
      expect(leftAlone).toEqual([expect.stringMatching(why)]);
      expect(leftAlone[0]).toContain(path);
    } finally {
      innocent.end();
    }
  });

  it('is removed when it is the folder of a run before the machine was started again', async () => {
    const folder = forged('before', { bootId: 'another boot' });
    expect((await sweepLeftovers(root)).removed).toEqual(['run before (killed)']);
    expect(existsSync(folder)).toBe(false);
  });

  it('is not looked into while a run makes its folder: it has its name when it is complete', async () => {
    const seen: string[] = [];
    let over = false;
    const looking = (async () => {
      while (!over) {
        const { leftovers, strangers } = await surveyWorkRoot(root);
        seen.push(
          ...strangers.map(({ path }) => path),
          ...leftovers.filter((one) => one.state !== 'running').map(String),
        );
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let i = 0; i < 20; i += 1) {
      const folder = await makeWorkFolder(`run-${i}`, root);
      expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))).toMatchObject({ runId: `run-${i}` });
    }
    over = true;
    await looking;
    expect(seen).toEqual([]);
  });
});

describe.skipIf(!IS_ROOT)('another account', () => {
  it('names a process in a folder that it has made, and root does not end it', async () => {
    const innocent = canary(1);
    try {
      const folder = forged('trap');
      writeFileSync(
        join(folder, 'pids.jsonl'),
        `${JSON.stringify({ pid: innocent.pid, name: 'x', startedAt: processStart(innocent.pid) })}\n`,
      );
      for (const path of [folder, join(folder, 'owner.json'), join(folder, 'pids.jsonl')])
        chownSync(path, NOBODY, NOBODY);
      const { leftAlone } = await sweepLeftovers(root);
      expect({ leftAlone, alive: innocent.alive(), there: existsSync(folder) }).toEqual({
        leftAlone: [expect.stringMatching(/belongs to the account 65534/)],
        alive: true,
        there: true,
      });
    } finally {
      innocent.end();
    }
  });

  it('has a process whose id a run of ours has noted: no account that a run uses, so it is not ended', async () => {
    const innocent = canary(1);
    try {
      const folder = await makeWorkFolder('noted', root);
      const note = { pid: innocent.pid, name: 'x', startedAt: processStart(innocent.pid) };
      writeFileSync(join(folder, 'pids.jsonl'), `${JSON.stringify(note)}\n`);
      await releaseLock(folder);
      writeFileSync(
        join(folder, 'owner.json'),
        JSON.stringify({ ...ownerHere('noted', false), startedAt: 'another time' }),
      );
      expect((await sweepLeftovers(root)).removed).toEqual(['run noted (killed)']);
      expect(innocent.alive()).toBe(true);
    } finally {
      innocent.end();
    }
  });
});
