import { describe, expect, test } from 'vitest';
import { renderMarkdown, SUMMARY_MOST_BYTES } from './markdown.ts';
import { samples } from './samples/samples.ts';

describe('summary.md', () => {
  test.each([
    [
      'passed',
      '# ✅ PASS: immich-full',
      'Immich 3.1.0 restored completely: 19 of 19 checks passed. It served again after 12 s.',
    ],
    [
      'failed',
      '# ❌ FAIL: immich-full',
      'Do not rely on these backups: 2 of 19 checks failed, in library and overall.',
    ],
    ['unknown', '# ❓ UNKNOWN: immich-full', 'This is not a pass.'],
    ['harnessFailure', '# ❓ UNKNOWN: immich-full', 'The drill itself broke in the phase "seed".'],
    ['interrupted', '# ❓ UNKNOWN: immich-full', 'The drill was interrupted in the phase "restore".'],
  ] as const)('"%s" begins with its verdict in plain words', (kind, title, sentence) => {
    const [first, second] = renderMarkdown(samples[kind]).split('\n\n');
    expect(first).toBe(title);
    expect(second).toContain(sentence);
  });

  test('it says what is wrong and what to do before anything else', () => {
    const summary = renderMarkdown(samples.failed);
    const order = [
      '# ❌',
      '`library/user1/2024/VID_0007.mp4`',
      '**Next:**',
      '## What was checked',
      '## Time to restore',
      '## What was not tested',
    ];
    const places = order.map((part) => summary.indexOf(part));
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places).not.toContain(-1);
    expect(summary).toContain('| overall | 1.9 s | 2 h 30 min | 4.3 s | 1.6 s | 2 h 30 min | 2 h | ❌ missed |');
  });

  test('every row of every table has as many cells as its head', () => {
    for (const result of Object.values(samples)) {
      const tables = renderMarkdown(result)
        .split('\n\n')
        .filter((block) => block.startsWith('|'));
      for (const table of tables) {
        const cells = table.split('\n').map((row) => row.replaceAll('\\|', '').split('|').length);
        expect(new Set(cells).size).toBe(1);
      }
    }
  });

  test('the longest result fits a job summary, and says that it was cut', () => {
    const [check] = samples.failed.checks;
    const checks = Array.from({ length: 20_000 }, (_, index) => ({ ...check, name: `check ${index}` }));
    const summary = renderMarkdown({ ...samples.failed, checks } as typeof samples.failed);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(SUMMARY_MOST_BYTES);
    expect(summary).toContain('This summary was cut');
  });
});
