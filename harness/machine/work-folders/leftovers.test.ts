import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSameProcess, processStart, RUN_VARIABLE } from '../processes/process-table.ts';
import { recordProcess } from '../processes/recorded-processes.ts';
import { findLeftovers, removeLeftover } from './leftovers.ts';
import { releaseLock } from './run-lock.ts';
import { makeWorkFolder, writeOwner } from './work-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drill-left-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function sleeper(env: Record<string, string> = {}, cwd = '/'): number {
  const child = spawn('sleep', ['300'], {
    env: { PATH: process.env.PATH ?? '', ...env },
    cwd,
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  if (child.pid === undefined) throw new Error('sleep did not start');
  return child.pid;
}

/** As a killed harness leaves it: nobody has its lock, and its process id belongs to nobody, or to somebody else by now. */
async function pretendKilled(folder: string): Promise<void> {
  await releaseLock(folder);
  const file = join(folder, 'owner.json');
  const owner = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...owner, startedAt: 'another time' }));
}

describe('leftovers', () => {
  it('leaves the folder of a living run alone', async () => {
    await makeWorkFolder('alive', root);
    expect(await findLeftovers(root)).toMatchObject([{ runId: 'alive', state: 'running', pids: [] }]);
  });

  it('finds processes by note, by environment and by working folder, ends them and removes the folder', async () => {
    const folder = await makeWorkFolder('killed', root);
    const noted = sleeper();
    recordProcess(folder, noted, 'sleep');
    const pids = [noted, sleeper({ [RUN_VARIABLE]: 'killed' }), sleeper({}, join(folder, 'volumes'))];
    const stranger = sleeper({ [RUN_VARIABLE]: 'another' });
    await pretendKilled(folder);
    const [leftover] = await findLeftovers(root);
    if (!leftover) throw new Error('not found');
    expect(leftover.state).toBe('killed');
    expect([...leftover.pids].sort()).toEqual(pids.sort());
    await removeLeftover(leftover);
    expect(pids.map((pid) => processStart(pid))).toEqual(pids.map(() => undefined));
    expect(existsSync(folder)).toBe(false);
    expect(processStart(stranger)).toBeDefined();
    process.kill(stranger, 'SIGKILL');
  });

  it('does not touch a process that has a noted id but started at another time', async () => {
    const folder = await makeWorkFolder('killed', root);
    const pid = sleeper();
    writeFileSync(join(folder, 'pids.jsonl'), `${JSON.stringify({ pid, name: 'sleep', startedAt: '1' })}\n{"pid":`);
    await pretendKilled(folder);
    expect(await findLeftovers(root)).toMatchObject([{ pids: [] }]);
    process.kill(pid, 'SIGKILL');
  });

  it('tells what was kept from what was killed', async () => {
    await writeOwner(await makeWorkFolder('kept', root), 'kept', true);
    await pretendKilled(await makeWorkFolder('killed', root));
    expect(await findLeftovers(root)).toMatchObject([
      { runId: 'kept', state: 'kept' },
      { runId: 'killed', state: 'killed' },
    ]);
  });

  it('does not take a run for killed whose process nobody finds, as long as its lock is held', async () => {
    const folder = await makeWorkFolder('alive', root);
    const file = join(folder, 'owner.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), startedAt: 'another time' }));
    expect(await findLeftovers(root)).toMatchObject([{ state: 'running' }]);
  });

  it('knows this process', () => {
    expect(isSameProcess(process.pid, processStart(process.pid) ?? '')).toBe(true);
    expect(isSameProcess(process.pid, '')).toBe(false);
  });
});
