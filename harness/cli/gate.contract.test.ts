import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GateResult } from '../../reports/gate/judge-gate.ts';
import type { RunSummary } from '../../reports/history/run-summary.ts';
import { SampleHistory, sampleSummary } from '../../reports/samples/history.ts';
import { samples } from '../../reports/samples/samples.ts';
import type { RunResult } from '../model/result.ts';
import { Workplace } from './testing/workplace.ts';

const HOUR_MS = 3_600_000;
const DRILL = samples.passed.drill.name;
const ARGS = ['gate', '--drill', DRILL];

type Changes = Parameters<typeof sampleSummary>[1];

function run(hoursAgo: number, changes: Changes = {}): RunSummary {
  return sampleSummary(new Date(Date.now() - hoursAgo * HOUR_MS), changes);
}

async function gate(history: SampleHistory, args: string[] = []) {
  using place = new Workplace();
  const call = [...ARGS, '--history', history.folder, ...args];
  const { exitCode, stdout, stderr } = await place.run([...call, '--json']);
  const result = JSON.parse(stdout) as GateResult;
  const line = (await place.run(call)).stdout;
  return { exitCode, stderr, code: result.code, reason: result.reason, result, line };
}

const { passed, failed, unknown, harnessFailure, interrupted, empty } = samples;
const LATE = { ...passed.rto, seconds: 3 * 3600 };
const UNMEASURED = { ...passed.rto, seconds: null };
const MISSED = { ...passed.rpo, components: { library: { seconds: 90_000, objectiveSeconds: 86_400 } } };
const VERDICTS = { pass: 18, fail: 0, unknown: 1 };
const LIMITS = ['--max-age', '24h', '--rto', '2h', '--rpo', '24h'];

function rehearsal(result: RunResult, changes: Changes = {}): RunSummary {
  return run(2, { result, drill: `${DRILL}-upgrade`, rehearsedVersion: 'v3.2.0', ...changes });
}

const NOT_SAID = { rehearsedVersion: 'unknown' };
const TO = ['--to-version', '3.2.0'];

/** The runs, oldest first; the arguments; what the gate comes to. */
const TABLE: [string, RunSummary[], string[], string][] = [
  ['a fresh pass within its objectives', [run(1)], LIMITS, 'open'],
  ['a fresh pass after a fail', [run(30, { result: failed }), run(1)], LIMITS, 'open'],
  ['a stale pass', [run(25)], LIMITS, 'run-too-old'],
  ['a stale pass that is fresh enough for this gate', [run(25)], ['--max-age', '2d'], 'open'],
  ['a run from the future', [run(-2)], LIMITS, 'run-from-the-future'],
  ['a fail after a pass', [run(2), run(1, { result: failed })], LIMITS, 'run-failed'],
  ['an unknown after a pass', [run(2), run(1, { result: unknown })], LIMITS, 'run-unknown'],
  ['a run whose harness failed', [run(2), run(1, { result: harnessFailure })], LIMITS, 'run-unknown'],
  ['a run that was interrupted', [run(2), run(1, { result: interrupted })], LIMITS, 'run-unknown'],
  ['a run without checks', [run(1, { result: empty, drill: DRILL })], LIMITS, 'run-unknown'],
  ['a pass with an unknown check', [run(1, { checks: VERDICTS })], LIMITS, 'run-unknown'],
  ['an RTO that is too long for this gate', [run(1, { rto: LATE })], LIMITS, 'rto-missed'],
  ['an RTO over its own objective, none asked for', [run(1, { rto: LATE })], [], 'rto-missed'],
  ['an RTO that was not measured', [run(1, { rto: UNMEASURED })], LIMITS, 'rto-not-measured'],
  ['an RPO that is too long for this gate', [run(1)], ['--rpo', '1s'], 'rpo-missed'],
  ['an RPO of a component over its objective', [run(1, { rpo: MISSED })], [], 'rpo-missed'],
  ['the same version', [run(1)], ['--installed-version', 'v3.1.0'], 'open'],
  ['another version', [run(1)], ['--installed-version', 'v3.1.1'], 'version-other'],
  ['an upgrade from the version tested', [run(1)], ['--to-version', 'v3.2.0'], 'open'],
  ['an upgrade to an older one', [run(1)], ['--to-version', 'v3.0.9'], 'version-downgrade'],
  ['an upgrade that was rehearsed', [rehearsal(passed), run(1)], ['--to-version', '3.2.0'], 'open'],
  ['an upgrade whose rehearsal failed', [rehearsal(failed), run(1)], ['--to-version', '3.2.0'], 'rehearsal-failed'],
  ['an upgrade that failed once', [rehearsal(failed), rehearsal(passed), run(1)], ['--to-version', '3.2.0'], 'open'],
  ['an upgrade, when another failed', [rehearsal(failed), run(1)], ['--to-version', '3.3.0'], 'open'],
  ['an upgrade whose rehearsal is unknown', [rehearsal(unknown), run(1)], TO, 'rehearsal-unknown'],
  ['a fail that says no version', [rehearsal(passed), rehearsal(failed, NOT_SAID), run(1)], TO, 'rehearsal-failed'],
  ['no history', [], LIMITS, 'no-run'],
  ['runs of another drill only', [run(1, { drill: 'other' })], LIMITS, 'no-run'],
  ['runs on another substrate only', [run(1)], ['--on', 'kind'], 'no-run'],
  ['runs of a part only', [run(1, { partial: true })], LIMITS, 'no-run'],
  ['a part that failed after a pass', [run(2), run(1, { partial: true, result: failed })], LIMITS, 'run-failed'],
];

describe('drill gate', () => {
  it.each(TABLE)('%s', async (_what, runs, args, expected) => {
    using history = await new SampleHistory().add(...runs);
    const { exitCode, code, reason, result, line, stderr } = await gate(history, args);
    expect({ code, exitCode, open: result.open }, reason + stderr).toEqual({
      code: expected,
      exitCode: expected === 'open' ? 0 : 1,
      open: expected === 'open',
    });
    expect(line).toMatch(expected === 'open' ? /^OPEN: [^\n]+$/ : /^CLOSED: [^\n]+$/);
  });

  it('stays shut over a history that was tampered with', async () => {
    using history = await new SampleHistory().add(run(2, { result: failed }), run(1));
    writeFileSync(history.file, readFileSync(history.file, 'utf8').replace('"fail":2', '"fail":0'));
    const { code, exitCode, reason } = await gate(history, LIMITS);
    expect({ code, exitCode }).toEqual({ code: 'history-tampered', exitCode: 1 });
    expect(reason).toMatch(/history\.jsonl:1: record 1 was changed/);
  });

  it('stays shut when the last record was cut by a kill, unless it is that of another drill', async () => {
    using history = await new SampleHistory().add(run(1));
    const before = readFileSync(history.file, 'utf8');
    appendFileSync(history.file, `{"drill":"${DRILL}","run":{"id":`);
    expect(await gate(history, LIMITS)).toMatchObject({ code: 'history-torn', exitCode: 1 });
    // A later run of another drill accounts for it, and does not answer for it.
    await history.add(run(0.5, { drill: 'other' }));
    expect(await gate(history, LIMITS)).toMatchObject({ code: 'history-torn', exitCode: 1 });
    await history.add(run(0.1));
    expect(await gate(history, LIMITS)).toMatchObject({ code: 'open', exitCode: 0 });
    writeFileSync(history.file, `${before}{"drill":"other","run":{"id":`);
    writeFileSync(join(history.folder, 'history.head.json'), '{"seq":0,"hash":""}');
    expect(await gate(history, LIMITS)).toMatchObject({ code: 'open', exitCode: 0 });
  });

  it('stays shut when the history cannot be read', async () => {
    using place = new Workplace();
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
    const { exitCode, stdout } = await place.run([...ARGS, '--history', 's3://bucket/drills'], { env });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^CLOSED: The history s3:\/\/bucket\/drills could not be read: /);
  });

  it('asks a server what is installed, and stays shut when it does not answer', async () => {
    using history = await new SampleHistory().add(run(1));
    let answer = '{"major":3,"minor":1,"patch":0}';
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/api/server/version' ? 200 : 404;
      response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = ['--installed-url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
    try {
      expect(await gate(history, url)).toMatchObject({ code: 'open', exitCode: 0 });
      answer = '{"major":3,"minor":2,"patch":0}';
      expect(await gate(history, url)).toMatchObject({ code: 'version-other', exitCode: 1 });
      answer = '<html>';
      expect(await gate(history, url)).toMatchObject({ code: 'installed-version-unknown', exitCode: 1 });
    } finally {
      server.close();
    }
  });

  it('is called wrongly with exit code 64', async () => {
    using place = new Workplace();
    expect((await place.run(['gate'])).exitCode).toBe(64);
    expect((await place.run([...ARGS, '--max-age', 'soon'])).exitCode).toBe(64);
    expect((await place.run([...ARGS, '--history', 's3://'])).exitCode).toBe(64);
  });

  it('runs the drill with --run when there is no run, and not again while it is fresh', async () => {
    using place = new Workplace();
    const call = ['gate', '--drill', 'notes', '--rto', '1h', '--rpo', '1h', '--run'];
    const first = await place.run(call);
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);
    expect(first.stderr).toMatch(/no complete run of notes.*\nRunning notes now\./);
    expect(place.runs()).toHaveLength(1);
    const second = await place.run(call);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toMatch(new RegExp(`^OPEN: notes passed .* ago \\(${place.runs()[0]}\\)`));
    expect(place.runs()).toHaveLength(1);
    const stale = await place.run([...call.slice(0, -1), '--max-age', '1ms']);
    expect(stale).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/more than 0\.0 s/) });
    const again = await place.run([...call, '--max-age', '1ms']);
    expect(place.runs()).toHaveLength(2);
    // Even a run of just now is older than that.
    expect(again.exitCode).toBe(1);
  });
});
