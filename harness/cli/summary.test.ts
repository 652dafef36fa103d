import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { samples } from '../../reports/samples/samples.ts';
import { renderSummary } from './summary.ts';

const PLAIN = { color: false, columns: 100 } as const;
const PASS_MOST_LINES = 45;
const WORKLOAD = samples.passed.drill.workload.name.replace(/^./, (letter) => letter.toUpperCase());

describe('the summary on the terminal', () => {
  test.each([
    ['passed', `PASS  ${WORKLOAD} 3.1.0 restored completely: 19 of 19 checks passed.`],
    ['failed', 'FAIL  Do not rely on these backups: 2 of 19 checks failed, in library and overall.'],
    ['unknown', 'UNKNOWN  Could not be verified: 1 of 19 checks could not look, in redis. This is not a pass.'],
    ['harnessFailure', 'UNKNOWN  The drill itself broke in the phase "seed".'],
    ['interrupted', 'UNKNOWN  The drill was interrupted in the phase "restore".'],
  ] as const)('"%s" begins with its verdict', (kind, start) => {
    expect(renderSummary(samples[kind], PLAIN).startsWith(start)).toBe(true);
  });

  test('a pass is short, with numbers, times and what was not tested', () => {
    const summary = renderSummary(samples.passed, PLAIN);
    expect(summary.split('\n').length).toBeLessThanOrEqual(PASS_MOST_LINES);
    expect(summary).toContain(
      'What was proved\n  ✓ library   5 of 5 checks  1,612 of 1,612 files came back, byte for byte.',
    );
    expect(summary).toMatch(/\n {2}database +1\.4 s +0\.3 s +2\.7 s +0\.4 s +4\.8 s +30 min {2}met\n/);
    expect(summary).toContain('  - Vector search: The server has no pgvector');
    expect(summary).toContain(`npm run drill -- show ${samples.passed.run.id}`);
    expect(summary).not.toContain('went wrong');
  });

  test('a fail names what is wrong and what to do, before all else', () => {
    const summary = renderSummary(samples.failed, PLAIN);
    expect(summary).toContain('      library/user1/2024/VID_0007.mp4: expected 1,204 bytes, found 0 bytes');
    expect(summary).toContain('Next: Read all 3 findings in findings/library.files.ndjson');
    expect(summary).toMatch(/overall .* missed\n/);
    expect(summary.indexOf('Next:')).toBeLessThan(summary.indexOf('What was checked'));
    expect(summary).toContain('Kept, to look inside and to clean up\n  ls /tmp/drill-01bc/volumes');
  });

  test('an error shows the last lines of the tool', () => {
    expect(renderSummary(samples.harnessFailure, PLAIN)).toContain(
      '    | PANIC:  terminating\n    Next: Look for a full disk',
    );
  });

  test('after an error, checks that could not look are told together, and the error only once', () => {
    const blind = (count: number) =>
      samples.harnessFailure.checks.concat(
        samples.passed.checks.map((check, i) => (i < count ? { ...check, verdict: 'unknown' as const } : check)),
      );
    const [failure] = samples.harnessFailure.failures;
    if (!failure) throw new Error('the sample has no failure');
    const failures = [{ ...failure, message: `It broke. Next: ${failure.next}` }];
    const some = renderSummary({ ...samples.harnessFailure, failures, checks: blind(2) }, PLAIN);
    expect(some).toMatch(/2 checks had no data\n {4}So these verified nothing: library: /);
    expect(some.split(failure.next.slice(0, 20))).toHaveLength(2);
    const all = renderSummary({ ...samples.harnessFailure, failures, checks: blind(19) }, PLAIN);
    expect(all).toContain('What was proved\n  nothing: none of 19 checks could look');
    expect(all).toContain('So nothing was verified.');
  });

  test('few checks are told one by one', () => {
    const summary = renderSummary({ ...samples.passed, checks: samples.passed.checks.slice(0, 3) }, PLAIN);
    expect(summary).toMatch(/✓ library {2}markers +6 of 6 markers found\./);
  });

  test.each(Object.entries(samples))(
    '"%s" in colour says the same as without, and nothing else moves the cursor',
    (_kind, result) => {
      const coloured = renderSummary(result, { ...PLAIN, color: true });
      expect(stripVTControlCharacters(coloured)).toBe(renderSummary(result, PLAIN));
      expect(coloured).toContain('\u001b[');
      expect(renderSummary(result, PLAIN)).not.toMatch(/[\p{Cc}--[\n]]/v);
    },
  );

  test.each([40, 60, 80, 120])('tables fit a terminal of %i columns', (columns) => {
    for (const result of [samples.passed, samples.failed, samples.unknown]) {
      const rows = renderSummary(result, { color: false, columns })
        .split('\n')
        .filter((line) => /^ {2}[✓✗?] |^ {2}\S.* (met|missed)$/.test(line));
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter((line) => stringWidth(line) > columns)).toEqual([]);
    }
  });

  test('a terminal that does not know its width gets a summary all the same', () => {
    expect(renderSummary(samples.passed, { color: false, columns: 0 })).toContain('PASS');
  });
});
