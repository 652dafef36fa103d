import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { renderExposition } from './prometheus/exposition.ts';
import { renderRunMetrics, renderSuccessMetrics, report } from './prometheus.ts';
import { SampleRunFolder } from './samples/run-folder.ts';
import { samples } from './samples/samples.ts';
import { WEIRD_TEXT } from './samples/weird.ts';

const LABELS = 'drill="immich-full",workload="immich",substrate="local"';
const LINE =
  /^(# (HELP|TYPE) restore_drill_[a-z_]+ .+|restore_drill_[a-z_]+\{([a-z]+="(\\.|[^"\\\n])*",?)+\} -?\d+(\.\d+)?(e[+-]?\d+)?)$/;

describe('Prometheus', () => {
  test.each(Object.entries(samples))('"%s" is in the text format, each metric once', (_kind, result) => {
    const text = renderRunMetrics(result) + renderSuccessMetrics(result);
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    const types = lines.filter((line) => line.startsWith('# TYPE'));
    expect(new Set(types).size).toBe(types.length);
    const series = lines.filter((line) => !line.startsWith('#')).map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(series).size).toBe(series.length);
  });

  test('a pass tells its times and its success', () => {
    const text = renderRunMetrics(samples.passed);
    expect(text).toContain(`restore_drill_last_run_timestamp_seconds{${LABELS}} 1773453639.6\n`);
    expect(text).toContain(`restore_drill_verdict{${LABELS},verdict="pass"} 1\n`);
    expect(text).toContain(`restore_drill_checks{${LABELS},verdict="pass"} 19\n`);
    expect(text).toContain(`restore_drill_rto_seconds{${LABELS},component="all"} 12.4\n`);
    expect(text).toContain(`restore_drill_rto_phase_seconds{${LABELS},component="database",phase="load"} 2.7\n`);
    expect(text).toContain(`restore_drill_rto_objective_seconds{${LABELS},component="database"} 1800\n`);
    expect(text).toContain(`restore_drill_rpo_seconds{${LABELS},component="library"} 1.9\n`);
    expect(renderSuccessMetrics(samples.passed)).toContain(
      `restore_drill_last_success_timestamp_seconds{${LABELS}} 1773453639.6\n`,
    );
  });

  test.each(['failed', 'unknown', 'harnessFailure', 'interrupted', 'empty'] as const)('"%s" is no success', (kind) => {
    expect(renderSuccessMetrics(samples[kind])).toBe('');
    expect(renderRunMetrics(samples[kind])).toMatch(/restore_drill_verdict\{[^}]*verdict="pass"\} 0\n/);
  });

  test('what was not measured has no sample', () => {
    const text = renderRunMetrics(samples.interrupted);
    expect(text).not.toContain('restore_drill_rto_seconds');
    expect(text).not.toContain('restore_drill_rto_phase_seconds');
    expect(text).toContain('restore_drill_rto_objective_seconds');
  });

  test('labels are escaped', () => {
    const text = renderExposition([{ name: 'a', help: 'b\nc', samples: [{ labels: { d: 'e"\n\\' }, value: 1 }] }]);
    expect(text).toBe('# HELP a b\\nc\n# TYPE a gauge\na{d="e\\"\\n\\\\"} 1\n');
    expect(renderRunMetrics(samples.weird)).toContain(WEIRD_TEXT.split(' ')[1] ?? '');
  });

  test('a run that fails later takes back the success that it wrote itself', async () => {
    await using folder = await SampleRunFolder.of(samples.empty);
    await report.write(samples.passed, folder.path);
    expect(await readdir(folder.path)).toEqual([
      'restore-drill.immich-full.prom',
      'restore-drill.immich-full.success.prom',
    ]);
    await report.write(samples.failed, folder.path);
    expect(await readdir(folder.path)).toEqual(['restore-drill.immich-full.prom']);
  });
});
