import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { parse } from 'yaml';
import { Workplace } from '../harness/cli/testing/workplace.ts';
import { openToolbox } from '../harness/machine/tools/toolbox/toolbox.ts';
import { DrillError } from '../harness/model/error.ts';
import { SampleHistory, sampleSummary } from '../reports/samples/history.ts';
import { samples } from '../reports/samples/samples.ts';
import { actionlint, shellcheck } from './tools.ts';

const ROOT = join(import.meta.dirname, '..');
const WORKFLOWS = ['.github/workflows', 'examples/github'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((file) => join(ROOT, folder, file)),
);
const ACTION = join(ROOT, '.github/actions/gate');
const SCRIPTS = [join(ROOT, 'examples/gate.sh'), join(ACTION, 'gate.sh')];
const GATE_JOBS = ['helm-pre-upgrade-gate.yaml', 'argocd-presync-gate.yaml'];

const folder = mkdtempSync(join(tmpdir(), 'drill-examples-'));
const commands: Record<string, string> = {};
let missing = '';

beforeAll(async () => {
  const toolbox = await openToolbox({ definitions: [actionlint, shellcheck] });
  for (const program of ['actionlint', 'shellcheck'])
    try {
      commands[program] = (await toolbox.provide(program)).location;
    } catch (error) {
      if (!(error instanceof DrillError)) throw error;
      missing += error.what;
    }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask(ctx: TestContext, program: string, args: string[]) {
  const command = commands[program];
  if (command === undefined) return ctx.skip(missing);
  return await execa(command, args, { reject: false, all: true });
}

describe('the workflows', () => {
  const lint = (files: string[]) => ['-shellcheck', commands.shellcheck ?? '', '-pyflakes', '', ...files];

  it('have nothing that actionlint and shellcheck object to', async (ctx) => {
    const answer = await ask(ctx, 'actionlint', lint(WORKFLOWS));
    expect(answer.exitCode, answer.all).toBe(0);
    expect(WORKFLOWS.length).toBeGreaterThanOrEqual(5);
  });

  it('would be objected to if they were wrong', async (ctx) => {
    const file = join(folder, 'nightly.yml');
    const text = readFileSync(join(ROOT, '.github/workflows/nightly.yml'), 'utf8');
    writeFileSync(
      file,
      text.replace('steps.drills.outcome', 'steps.drill.outcome').replace('needs: drills', 'needs: drill'),
    );
    const answer = await ask(ctx, 'actionlint', lint([file]));
    expect(answer.all).toMatch(/property "drill" is not defined/);
    expect(answer.all).toMatch(/needs job "drill" which does not exist/);
    writeFileSync(file, text.replace('"$GITHUB_STEP_SUMMARY"', '$GITHUB_STEP_SUMMARY'));
    expect((await ask(ctx, 'actionlint', lint([file]))).all).toMatch(/SC2086/);
  });

  it('pin every action by its commit, and start with no right but to read', () => {
    for (const file of [...WORKFLOWS, join(ACTION, 'action.yml')]) {
      const text = readFileSync(file, 'utf8');
      const uses = [...text.matchAll(/^\s*(?:- )?uses: (\S+)(.*)$/gm)].filter(
        ([, action]) => !action?.startsWith('./'),
      );
      for (const [line, action = '', comment] of uses) {
        expect(action, `${file}: ${line}`).toMatch(/@[0-9a-f]{40}$/);
        if (action.startsWith('actions/')) expect(comment, `${file}: ${line}`).toMatch(/^ # v\d+\.\d+\.\d+$/);
      }
      if (!file.startsWith(ACTION)) expect(parse(text).permissions, file).toEqual({ contents: 'read' });
    }
  });

  it('keep what strangers write out of their scripts', () => {
    for (const file of [...WORKFLOWS, join(ACTION, 'action.yml')]) {
      const scripts = [...readFileSync(file, 'utf8').matchAll(/run: (?:\|\n((?: {8,}.*\n|\n)+)|(.*)\n)/g)];
      for (const [, block = '', line = ''] of scripts) expect(block + line, file).not.toContain('${{');
    }
  });
});

describe('the scripts', () => {
  it('have nothing that shellcheck objects to', async (ctx) => {
    const answer = await ask(ctx, 'shellcheck', SCRIPTS);
    expect(answer.exitCode, answer.all).toBe(0);
  });

  it.each([
    [
      'open',
      [sampleSummary(new Date())],
      { INSTALLED: 'v3.1.0', TO: 'v3.2.0' },
      0,
      /^open=true\nreason=immich-full passed /,
    ],
    [
      'closed by a fail',
      [sampleSummary(new Date(), { result: samples.failed })],
      {},
      1,
      /^open=false\nreason=the last run .* failed/,
    ],
    ['closed without a history', [], {}, 1, /^open=false\nreason=no complete run of immich-full recorded/],
    [
      'closed by a wrong call',
      [sampleSummary(new Date())],
      { RTO: 'soon' },
      1,
      /^open=false\nreason=the gate gave no answer, and ended with 64/,
    ],
  ])('the action is %s, and says why', async (_what, runs, more, exitCode, expected) => {
    using history = await new SampleHistory().add(...runs);
    const output = join(folder, `output-${Math.random()}`);
    const env = {
      ...{ DRILL: 'immich-full', HISTORY: history.folder, MAX_AGE: '24h', RTO: '2h', RPO: '24h' },
      ...{ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: `${output}.md`, ...more },
    };
    const ran = await execa('bash', [join(ACTION, 'gate.sh')], { env, reject: false });
    expect({ exitCode: ran.exitCode, output: readFileSync(output, 'utf8') }).toEqual({
      exitCode,
      output: expect.stringMatching(expected),
    });
    expect(existsSync(`${output}.md`)).toBe(true);
  });

  it('gate.sh asks the server that is installed', async () => {
    using history = await new SampleHistory().add(sampleSummary(new Date()));
    const server = createServer((_request, response) => response.end('{"major":3,"minor":1,"patch":0}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { RESTORE_DRILL: ROOT, DRILL_STATE: history.folder };
    const gate = (to: string) =>
      execa(join(ROOT, 'examples/gate.sh'), ['immich-full', to, url], { env, reject: false });
    try {
      expect(await gate('v3.2.0')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^OPEN: /) });
      expect(await gate('v3.0.0')).toMatchObject({
        exitCode: 1,
        stdout: expect.stringMatching(/^CLOSED: v3\.0\.0 is older/),
      });
    } finally {
      server.close();
    }
  });
});

describe('the manifests and units', () => {
  it.each(GATE_JOBS)('%s calls the gate as the gate wants to be called', async (file) => {
    using place = new Workplace();
    using history = await new SampleHistory().add(sampleSummary(new Date()));
    const job = parse(readFileSync(join(import.meta.dirname, 'kubernetes', file), 'utf8'));
    const args: string[] = job.spec.template.spec.containers[0].args;
    const answer = await place.run(
      args.map((arg) => arg.replace(/^--installed-url=.*/, '--installed-version=v3.1.0')),
      { env: { DRILL_STATE: history.folder } },
    );
    expect(answer, answer.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^OPEN: /) });
  });

  it('systemd has nothing to object to in the units, and would have', async (ctx) => {
    const { exitCode } = await execa('systemd-analyze', ['--version'], { reject: false });
    if (exitCode !== 0) return ctx.skip('there is no systemd-analyze on this machine');
    const units = ['restore-drill@.service', 'restore-drill@.timer'];
    const verify = async (cwd: string) =>
      await execa('systemd-analyze', ['verify', '--man=no', ...units.map((unit) => `./${unit}`)], {
        cwd,
        reject: false,
        all: true,
      });
    const answer = await verify(join(import.meta.dirname, 'systemd'));
    expect({ exitCode: answer.exitCode, said: answer.all }).toEqual({ exitCode: 0, said: '' });
    for (const unit of units) {
      const text = readFileSync(join(import.meta.dirname, 'systemd', unit), 'utf8');
      writeFileSync(
        join(folder, unit),
        text.replace('OnCalendar=*-*-*', 'OnCalendar=never').replace('KillMode=mixed', 'KilMode=mixed'),
      );
    }
    const wrong = await verify(folder);
    expect(wrong.all).toMatch(/Unknown key (?:name )?'KilMode'/);
    expect(wrong.all).toMatch(/calendar/i);
  });
});
