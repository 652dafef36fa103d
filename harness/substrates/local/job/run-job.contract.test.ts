import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretStore } from '../../../engine/secret-store.ts';
import { environmentOf } from '../../../machine/processes/environment-of.ts';
import type { Job, Step } from '../../../model/job.ts';
import { Secret } from '../../../model/secret.ts';
import { type JobHost, runJob } from '../run-job.ts';

const MIB = 1024 * 1024;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-job-'));
  for (const name of ['logs', 'tmp']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function host(changes: Partial<JobHost> = {}): JobHost {
  const secrets = new SecretStore();
  secrets.add(new Secret('pin', 'first line\nsecond "line"'));
  return {
    runId: `job-${process.pid}`,
    workFolder: folder,
    logsFolder: join(folder, 'logs'),
    signal: new AbortController().signal,
    serverLost: new AbortController().signal,
    mask: (text) => secrets.mask(text),
    locate: async (program) => ({
      ...{ program, version: '1', source: 'path', location: program },
      call: () => ({ command: program, prefix: [], env: {} }),
    }),
    environment: (home) => environmentOf('job', home),
    started: () => {},
    note: () => {},
    ...changes,
  };
}

function job(step: Step, changes: Partial<Job> = {}): Job {
  return { name: 'files.restore', volumes: [], steps: () => [step], ...changes };
}

const sh = (script: string, ...args: string[]): Step => ({ program: 'sh', args: ['-c', script, 'sh', ...args] });

function log(): string {
  return readFileSync(join(folder, 'logs', 'files.restore.log'), 'utf8');
}

/** A program of that name that does what a script says. */
function fake(program: string, script: string): string {
  const file = join(folder, program);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

function running(words: string): boolean {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').includes(words);
}

describe('what a tool writes', () => {
  it('goes to its file without passing through here, and never to the log', async () => {
    const file = join(folder, 'out');
    const report = await runJob(job({ ...sh('echo SECRET-ROW; echo said >&2'), stdout: file }), host());
    expect(readFileSync(file, 'utf8')).toBe('SECRET-ROW\n');
    expect(report.steps[0]?.stdout).toBe('');
    expect(log()).toContain('said');
    expect(log()).not.toContain('SECRET-ROW\n');
  });

  it('to a file takes as long as without the harness', async () => {
    const packed = join(folder, 'dump.gz');
    execFileSync('sh', ['-c', `seq 3000000 | gzip -1 > ${packed}`]);
    const timeOf = async (work: () => unknown) => {
      const startedMs = performance.now();
      await work();
      return performance.now() - startedMs;
    };
    const out = join(folder, 'dump');
    const bareMs = await timeOf(() => execFileSync('sh', ['-c', `gzip -dc ${packed} > ${out}`]));
    const step = { program: 'gzip', args: ['-dc', packed], stdout: out };
    const oursMs = await timeOf(async () => await runJob(job(step), host()));
    expect(statSync(out).size).toBeGreaterThan(20 * MIB);
    expect(oursMs).toBeLessThan(bareMs * 3 + 1_000);
  });

  it('does not follow a link that lies where the file should be', async () => {
    const theirs = join(folder, 'theirs');
    writeFileSync(theirs, 'untouched');
    execFileSync('ln', ['-s', theirs, join(folder, 'out')]);
    await expect(runJob(job({ ...sh('echo x'), stdout: join(folder, 'out') }), host())).rejects.toMatchObject({
      code: 'job-not-started',
    });
    expect(readFileSync(theirs, 'utf8')).toBe('untouched');
  });

  it('in one line of 300 MB, or in a log of gigabytes, takes neither memory nor disk', async () => {
    const before = process.memoryUsage().rss;
    await runJob(job(sh('head -c 300000000 /dev/zero; echo; yes 0123456789 | head -c 30000000; echo END')), host());
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MIB);
    expect(statSync(join(folder, 'logs', 'files.restore.log')).size).toBeLessThan(5 * MIB);
    expect(log()).toMatch(/more bytes of this line are left out/);
    expect(log()).toMatch(/… \d+ bytes are left out here …/);
    expect(log()).toMatch(/END\n= exit 0/);
  });

  it('is masked line by line, and its escapes and rows do nothing', async () => {
    const script = String.raw`printf 'a second "line" b \033[2J\n'; printf 'ERROR:  bad\nCONTEXT:  COPY t, line 1: "ROW-IN-ERROR"\n' >&2; exit 1`;
    const failed = runJob(job(sh(script)), host());
    await expect(failed).rejects.toMatchObject({ code: 'job-failed', blame: 'backup' });
    const { tail } = (await failed.catch((error: unknown) => error)) as { tail: string };
    const said = log().replace(/^\$.*$/gm, '');
    for (const text of [said, tail])
      for (const bad of ['second', 'ROW-IN-ERROR', '\u001b']) expect(text).not.toContain(bad);
    expect(said).toContain('a *** b \\x1b[2J');
    expect(said).toContain('CONTEXT:  COPY t, line 1');
  });

  it('as psql is rows, which are for their reader alone', async () => {
    const psql = fake('psql', 'echo ROW-OF-A-TABLE');
    const locate: JobHost['locate'] = async (program) => ({
      ...{ program, version: '1', source: 'path', location: program },
      call: () => ({ command: psql, prefix: [], env: {} }),
    });
    const report = await runJob(job({ program: 'psql', args: [] }), host({ locate }));
    expect(report.steps[0]?.stdout).toBe('ROW-OF-A-TABLE\n');
    expect(log()).not.toContain('ROW-OF-A-TABLE');
  });
});

describe('a tool', () => {
  it('that does nothing for too long is ended, and the backup is not blamed', async () => {
    const hangs = runJob(job(sh('sleep 61.5')), host({ noProgressMs: 1_000 }));
    await expect(hangs).rejects.toMatchObject({ code: 'no-progress', blame: 'environment' });
    expect(running('sleep 61.5')).toBe(false);
  });

  it.each([
    ['works in silence', 'i=0; while [ $i -lt 700000 ]; do i=$((i+1)); done'],
    ['reads in silence', 'for i in 1 2 3 4 5 6 7 8 9 10; do head -c 1000000 /dev/zero > /dev/null; sleep 0.2; done'],
    ['talks now and then', 'for i in 1 2 3 4 5; do echo; sleep 0.4; done'],
  ])('that %s is let go on', async (_, script) => {
    await runJob(job(sh(script)), host({ noProgressMs: 1_000 }));
  });

  it('that was killed, or does not end in time, proves nothing about the backup', async () => {
    await expect(runJob(job(sh('kill -9 $$')), host())).rejects.toMatchObject({
      ...{ code: 'tool-killed', blame: 'environment', what: expect.stringContaining('SIGKILL') },
    });
    await expect(runJob(job(sh('sh -c "kill -9 \\$\\$"; exit $?')), host())).rejects.toMatchObject({
      code: 'tool-killed',
    });
    await expect(runJob(job(sh('sleep 62'), { deadlineMs: 300 }), host())).rejects.toMatchObject({
      code: 'job-deadline',
      blame: 'environment',
    });
  });

  it('that cannot reach its server says so, and blames nobody', async () => {
    const step = {
      program: 'sh',
      args: ['-c', 'echo "dial tcp 127.0.0.1:1: connect: connection refused" >&2; exit 1'],
    };
    await expect(runJob(job(step), host())).rejects.toMatchObject({ code: 'source-unreachable', blame: 'environment' });
  });

  it('whose helper outlives it and holds its output is not waited for', async () => {
    const startedMs = performance.now();
    const report = await runJob(job(sh('sleep 63 & echo done')), host());
    expect(report.steps[0]?.stdout).toBe('done\n');
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    await expect.poll(() => running('sleep 63')).toBe(false);
  });

  it('that ignores being asked is killed when the run is interrupted, with its helpers', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('interrupted')), 300);
    const running64 = runJob(job(sh('trap "" TERM; sleep 64 & sleep 64')), host({ signal: controller.signal }));
    await expect(running64).rejects.toThrow('interrupted');
    expect(running('sleep 64')).toBe(false);
  }, 30_000);
});
