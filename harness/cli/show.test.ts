import { describe, expect, test } from 'vitest';
import { samples } from '../../reports/samples/samples.ts';
import { renderShow } from './show.ts';
import { renderSummary } from './summary.ts';

const PLAIN = { color: false, columns: 100 } as const;

describe('a run shown in full', () => {
  test('it ends with the summary', () => {
    expect(renderShow(samples.failed, PLAIN).endsWith(renderSummary(samples.failed, PLAIN))).toBe(true);
  });

  test('it says how far the run came, and which phase stopped', () => {
    const shown = renderShow(samples.interrupted, PLAIN);
    expect(shown).toContain('reached   restore (phase 10 of 14)');
    expect(shown).toMatch(/\n {2}restore +11 s {2}stopped/);
    expect(shown).not.toMatch(/\n {2}observe/);
  });

  test('it lists jobs with their logs, every check, backups and tools', () => {
    const shown = renderShow(samples.passed, PLAIN);
    expect(shown).toMatch(/job database\.restore +2\.3 s +logs\/database\.restore\.log/);
    expect(shown).toMatch(/pass {2}config +no-plain-secrets +31 objects searched/);
    expect(shown).toMatch(/database {2}pg-dump +database-4f1c09a1 +2026-03-14 02:00:14 UTC {2}7\.5 MiB/);
    expect(shown).toContain('restic     0.18.1 (release)');
  });

  test.each(Object.entries(samples))('"%s" can be shown, on one line a fact', (_kind, result) => {
    expect(renderShow(result, PLAIN)).not.toMatch(/[\p{Cc}--[\n]]/v);
    expect(renderShow(result, { color: true, columns: 0 })).toContain('Evidence');
  });
});
