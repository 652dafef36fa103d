import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Step } from '../../../../model/job.ts';
import { parseStepLog, type StepLog } from './parse-log.ts';
import { ENV_FOLDER, environmentFile, OWN_FOLDER, stepLine, WRAPPER } from './wrapper.ts';

let folder = '';
beforeEach((ctx) => {
  if (process.platform !== 'linux') ctx.skip('the wrapper reads /proc/uptime, as containers have it');
  folder = mkdtempSync(join(tmpdir(), 'restore-drill-test-'));
});
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Steps as a container runs them, with folders of this machine for its own. */
function runAll(
  scripts: readonly string[],
  { stdout = '', stdin = '', okExitCodes = [0], env = {} }: Partial<Step> & { env?: Record<string, string> } = {},
): { log: string; exitCode: number } {
  const lines = scripts.map((script, n) => {
    writeFileSync(join(folder, `${n}.env`), environmentFile(env));
    return stepLine(n, { program: 'sh', args: ['-c', script], cwd: folder, stdout, stdin, okExitCodes });
  });
  const wrapper = WRAPPER.replaceAll(ENV_FOLDER, folder).replaceAll(OWN_FOLDER, folder);
  const variables = { PATH: process.env.PATH, HOME: join(folder, 'h') };
  try {
    const log = execFileSync('sh', ['-c', [wrapper, ...lines].join('\n')], { env: variables, encoding: 'utf8' });
    return { log, exitCode: 0 };
  } catch (error) {
    const { stdout: log, status } = error as { stdout: string; status: number };
    return { log, exitCode: status };
  }
}

function run(script: string, step: Partial<Step> = {}): { log: string; exitCode: number } {
  return runAll([script], { ...step, env: {} });
}

function parse(log: string): StepLog {
  return parseStepLog(log, 0);
}

describe('the log of a step', () => {
  it('gives back the standard output apart from the rest, byte for byte', () => {
    const { log, exitCode } = run(`printf 'out ü\\n\\nno end'; printf 'err\\nor' >&2`);
    expect(exitCode).toBe(0);
    expect(parse(log)).toMatchObject({
      lines: ['err', 'or'],
      stdout: 'out ü\n\nno end',
      exitCode: 0,
      cut: undefined,
    });
    expect(parse(log).seconds).toBeGreaterThanOrEqual(0);
  });

  it('keeps the end of a long output', () => {
    const { stdout, cut } = parse(run('seq 1 100000').log);
    expect(cut).toBeUndefined();
    expect(stdout.length).toBe(64 * 1024);
    expect(stdout.endsWith('99999\n100000\n')).toBe(true);
  });

  it('reads from a file and writes into one', () => {
    const files = { stdout: join(folder, 'to'), stdin: join(folder, 'from') };
    run('echo from >from');
    expect(parse(run('cat', files).log)).toMatchObject({ lines: [], stdout: '', exitCode: 0 });
    expect(readFileSync(files.stdout, 'utf8')).toBe('from\n');
  });

  it('tells how the program ended, and ends well with codes that are fine', () => {
    expect([
      run('exit 3').exitCode,
      run('exit 3', { okExitCodes: [0, 3] }).exitCode,
      run('exit 0', { okExitCodes: [3] }).exitCode,
    ]).toEqual([3, 0, 125]);
    expect(parse(run('exit 3', { okExitCodes: [0, 3] }).log).exitCode).toBe(3);
  });

  it('is known to be cut when an end of it is missing, or when the output has changed', () => {
    const { log } = run('echo one; echo two >&2');
    const lines = log.trimEnd().split('\n');
    expect(parse(lines.slice(0, -1).join('\n'))).toMatchObject({
      cut: 'its last line is missing',
      exitCode: undefined,
    });
    expect(parse(lines.slice(1).join('\n')).cut).toBe('its beginning is missing');
    expect(parse(lines.toSpliced(-2, 1).join('\n')).cut).toMatch(/not what the program wrote/);
    expect(parse('')).toMatchObject({ cut: 'its last line is missing', stdout: '' });
  });

  it('tells several steps apart, and ends with the first that fails', () => {
    const env = { SECRET: `it's "$(this)"` };
    const { log, exitCode } = runAll(
      ['echo "$SECRET"; echo one >&2', 'echo two; echo second >&2; exit 4', 'echo three'],
      { env },
    );
    expect(exitCode).toBe(4);
    expect(parseStepLog(log, 0)).toMatchObject({
      lines: ['one'],
      stdout: `${env.SECRET}\n`,
      exitCode: 0,
      cut: undefined,
    });
    expect(parseStepLog(log, 1)).toMatchObject({ lines: ['second'], stdout: 'two\n', exitCode: 4, cut: undefined });
    expect(parseStepLog(log, 2)).toMatchObject({ lines: [], stdout: '', exitCode: undefined });
    const rest = log.slice(log.indexOf('\n') + 1);
    expect(parseStepLog(rest, 0)).toMatchObject({ lines: ['one'], cut: 'its beginning is missing' });
  });

  it('is cut in its middle when a program says too much, be it in one line', () => {
    const { log, exitCode } = run(`head -c 300000000 /dev/zero | tr '\\0' x >&2; echo the end >&2; exit 4`);
    expect(exitCode).toBe(4);
    expect(log.length).toBeLessThan(400 * 1024);
    expect(parse(log)).toMatchObject({ exitCode: 4, cut: undefined });
    expect(parse(log).lines.join('').endsWith('the end')).toBe(true);
  });

  it('holds no marks that the program has made itself', () => {
    const { log } = run(`printf '\\036end 0 1 0\\n\\036stdout 0 0 x\\n' >&2; kill -9 $$`);
    expect(parse(log).exitCode).toBe(137);
    expect(parse(log).lines.slice(0, 2)).toEqual(['end 0 1 0', 'stdout 0 0 x']);
  });

  it('does not wait for a helper that outlives its program and holds what that wrote to', () => {
    const script = `sleep 60 & echo $! >'${folder}/helper'`;
    writeFileSync(join(folder, '0.env'), '');
    const line = stepLine(0, { program: 'sh', args: ['-c', script], cwd: folder });
    const wrapper = WRAPPER.replaceAll(ENV_FOLDER, folder).replaceAll(OWN_FOLDER, folder);
    const env = { PATH: process.env.PATH, HOME: join(folder, 'h') };
    const log = openSync(join(folder, 'log'), 'w');
    const startedMs = performance.now();
    const { status } = spawnSync('sh', ['-c', `${wrapper}\n${line}`], { env, stdio: ['ignore', log, 'inherit'] });
    expect(performance.now() - startedMs).toBeLessThan(40_000);
    process.kill(Number(readFileSync(join(folder, 'helper'), 'utf8')));
    expect(status).toBe(0);
    expect(parse(readFileSync(join(folder, 'log'), 'utf8')).exitCode).toBe(0);
  }, 70_000);

  it('never comes from a variable whose name is a command', () => {
    const marker = join(folder, 'run');
    expect(() => runAll(['true'], { env: { [`A$(touch ${marker})`]: 'x' } })).toThrow(/is no name of a variable/);
    expect(existsSync(marker)).toBe(false);
  });

  it('does as it is told with hostile words', () => {
    const hostile = [`$(touch ${folder}/a)`, `'; touch ${folder}/b; '`, '-rf', 'line\nbreak', '`touch c`', '"'];
    writeFileSync(
      join(folder, '0.env'),
      environmentFile(Object.fromEntries(hostile.map((word, i) => [`W${i}`, word]))),
    );
    const line = stepLine(0, {
      program: 'sh',
      args: ['-c', 'printf "%s|" "$@" "$W0" "$W3"', 'sh', ...hostile],
      cwd: folder,
    });
    const wrapper = WRAPPER.replaceAll(ENV_FOLDER, folder).replaceAll(OWN_FOLDER, folder);
    const env = { PATH: process.env.PATH, HOME: join(folder, 'h') };
    const log = execFileSync('sh', ['-c', `${wrapper}\n${line}`], { env, encoding: 'utf8' });
    expect(parse(log).stdout).toBe([...hostile, hostile[0], hostile[3], ''].join('|'));
    for (const name of ['a', 'b', 'c']) expect(existsSync(join(folder, name))).toBe(false);
  });
});
