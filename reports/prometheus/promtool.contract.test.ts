import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { Workplace } from '../../harness/cli/testing/workplace.ts';
import { openToolbox } from '../../harness/machine/tools/toolbox/toolbox.ts';
import { DrillError } from '../../harness/model/error.ts';
import { SampleHistory, sampleSummary } from '../samples/history.ts';
import { samples } from '../samples/samples.ts';
import { promtool } from './testing/promtool.ts';

const METRIC = /restore_drill_[a-z_]+/g;

describe('what Prometheus says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drill-promtool-'));
  let command: string | undefined;
  let missing = '';

  beforeAll(async () => {
    try {
      command = (await (await openToolbox({ definitions: [promtool] })).provide('promtool')).location;
    } catch (error) {
      if (!(error instanceof DrillError)) throw error;
      missing = error.what;
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function ask(ctx: TestContext, args: string[], input = '') {
    if (command === undefined) return ctx.skip(missing);
    return await execa(command, args, { reject: false, input, all: true });
  }

  /** The metrics of several drills, some of which have failed, as the command prints them. */
  async function metrics(): Promise<string> {
    using place = new Workplace();
    using history = await new SampleHistory().add(
      sampleSummary(new Date('2026-03-01T02:00:00Z')),
      sampleSummary(new Date('2026-03-02T02:00:00Z'), { result: samples.failed }),
      sampleSummary(new Date('2026-03-02T03:00:00Z'), { drill: 'we "quote" \\ it', assetsVerified: 42 }),
      sampleSummary(new Date('2026-03-02T04:00:00Z'), { substrate: 'kind', result: samples.interrupted }),
    );
    const file = join(folder, 'restore-drill.prom');
    const call = ['prometheus', '--history', history.folder];
    expect((await place.run([...call, '--out', file])).exitCode).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect((await place.run(call)).stdout).toBe(text.trimEnd());
    return text;
  }

  it('to the metrics: they are right', async (ctx) => {
    const text = await metrics();
    const answer = await ask(ctx, ['check', 'metrics'], text);
    expect(answer.exitCode, answer.all).toBe(0);
    expect(answer.all).toBe('');
    const local = 'drill="immich-full",workload="immich",substrate="local"';
    expect(text).toContain(
      `restore_drill_last_success_timestamp_seconds{${local}} ${Date.UTC(2026, 2, 1, 2) / 1000}\n`,
    );
    expect(text).toContain(`restore_drill_verdict{${local},verdict="fail"} 1\n`);
    expect(text).toContain(
      'restore_drill_assets_verified{drill="we \\"quote\\" \\\\ it",workload="immich",substrate="local"} 42\n',
    );
    expect(text).not.toContain(
      'last_success_timestamp_seconds{drill="immich-full",workload="immich",substrate="kind"}',
    );
    expect(text).toContain(`restore_drill_backup_timestamp_seconds{${local},component="database"} `);
    expect(text).toContain('restore_drill_history_whole 1\n');
  });

  it('to metrics that are not right: no', async (ctx) => {
    const answer = await ask(ctx, ['check', 'metrics'], `${await metrics()}restore_drill_verdict{drill=} 1\n`);
    expect(answer.exitCode).not.toBe(0);
  });

  it('to the rules: they are right, and fire when they should and not before', async (ctx) => {
    const rules = await ask(ctx, ['check', 'rules', join(import.meta.dirname, 'alerts.yml')]);
    expect(rules.exitCode, rules.all).toBe(0);
    expect(rules.all).toMatch(/SUCCESS: 8 rules found/);
    const tested = await ask(ctx, ['test', 'rules', join(import.meta.dirname, 'alerts.test.yml')]);
    expect(tested.exitCode, tested.all).toBe(0);
  });

  it('to a rule that was weakened: its test fails', async (ctx) => {
    const rules = readFileSync(join(import.meta.dirname, 'alerts.yml'), 'utf8');
    writeFileSync(join(folder, 'alerts.yml'), rules.replace('> 7 * 86400', '> 70 * 86400'));
    writeFileSync(join(folder, 'alerts.test.yml'), readFileSync(join(import.meta.dirname, 'alerts.test.yml')));
    expect((await ask(ctx, ['test', 'rules', join(folder, 'alerts.test.yml')])).exitCode).not.toBe(0);
  });

  it('alerts and dashboard speak only of metrics that there are', async () => {
    const known = new Set((await metrics()).match(METRIC));
    for (const file of ['alerts.yml', 'dashboard.json']) {
      const used = new Set(readFileSync(join(import.meta.dirname, file), 'utf8').match(METRIC));
      expect([...used].filter((name) => !known.has(name))).toEqual([]);
      expect(used.size).toBeGreaterThan(5);
    }
  });
});
