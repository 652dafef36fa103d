import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../history/run-summary.ts';
import { verifyHistory } from '../history/verify.ts';
import { SampleHistory, sampleSummary } from '../samples/history.ts';
import { sampleNights } from '../samples/nights.ts';
import { samples } from '../samples/samples.ts';
import { type Compliance, complianceOf, type EvidenceState } from './compliance.ts';
import { renderComplianceCsv } from './csv.ts';
import { renderComplianceHtml } from './html.ts';
import { renderComplianceMarkdown } from './markdown.ts';
import type { Schedule } from './schedule.ts';

const UNTIL = new Date('2026-03-31T12:00:00Z');
const SINCE = new Date('2025-03-31T12:00:00Z');

/** What the report says of these runs, written and read by the product. */
async function reportOn(
  runs: RunSummary[],
  { schedules = [], evidence = 'unchanged' }: { schedules?: Schedule[]; evidence?: EvidenceState } = {},
): Promise<Compliance> {
  using history = await new SampleHistory().add(...runs);
  const demands = { since: SINCE, until: UNTIL, schedules, evidenceOf: () => evidence };
  return complianceOf(verifyHistory(await history.store.read()), demands);
}

function nights(seconds: readonly number[], changes: Partial<RunSummary> = {}): RunSummary[] {
  const { rto } = samples.passed;
  return seconds.map((one, index) =>
    sampleSummary(new Date(Date.UTC(2026, 2, 1 + index, 2)), { rto: { ...rto, seconds: one }, ...changes }),
  );
}

const words = ({ attention }: Compliance) => attention.map(({ tone, text }) => `${tone} ${text}`).join('\n');

describe('compliance', () => {
  test('sums up RTO and RPO against objectives by month and component', async () => {
    const { drills, attention } = await reportOn(nights([10, 30, 20, 9000]));
    expect(drills).toMatchObject([
      { drill: 'immich-full', substrate: 'local', verdicts: { pass: 4, fail: 0, unknown: 0 } },
    ]);
    expect(drills[0]?.rto).toEqual({
      medianSeconds: 25,
      worstSeconds: 9000,
      objectiveSeconds: 7200,
      met: 3,
      missed: 1,
      notMeasured: 0,
    });
    expect(drills[0]?.months.map(({ month, component }) => `${month} ${component}`)).toEqual([
      '2026-03 all',
      '2026-03 library',
      '2026-03 database',
      '2026-03 redis',
      '2026-03 models',
      '2026-03 config',
    ]);
    expect(attention).toMatchObject([{ tone: 'bad', text: expect.stringMatching(/1 run missed the RTO of 2 h/) }]);
  });

  test('a time that was not measured is never met', async () => {
    const { drills } = await reportOn([
      sampleSummary(new Date('2026-03-01T02:00:00Z'), { result: samples.interrupted }),
    ]);
    expect(drills[0]?.rto).toMatchObject({ met: 0, missed: 0, notMeasured: 1, medianSeconds: null });
  });

  test.each([
    ['steady', [10, 11, 12, 10, 11, 12, 13], 'steady'],
    ['half as long again and more', [10, 11, 12, 10, 11, 12, 18], 'regression'],
    ['a large part of very little', [1, 1, 1, 1, 1, 1, 3], 'steady'],
    ['shorter', [60, 61, 62, 60, 61, 62, 20], 'improvement'],
    ['too few', [10, 10, 100], 'too few runs'],
    ['against the last ten only', [900, 900, 900, 900, ...Array(10).fill(10), 40], 'regression'],
  ])('a trend that is %s', async (_what, seconds, standing) => {
    const report = await reportOn(nights(seconds));
    expect(report.drills[0]?.trends.find(({ component }) => component === 'all')?.standing).toBe(standing);
    expect(words(report).includes('went up')).toBe(standing === 'regression');
  });

  test('says what the last run came to, and that a result was changed', async () => {
    const failed = sampleSummary(new Date('2026-03-30T02:00:00Z'), { result: samples.failed });
    const report = await reportOn([...nights([10]), failed], { evidence: 'changed' });
    expect(words(report)).toMatch(/bad immich-full: the last run .* failed: /);
    expect(words(report)).toMatch(/bad The result of immich-full-.* was changed after the run/);
  });

  test('leaves runs of a part out of the numbers, and time out of the report', async () => {
    const old = sampleSummary(new Date('2024-01-01T02:00:00Z'));
    const report = await reportOn([old, ...nights([10]), ...nights([9000], { partial: true })]);
    expect(report.drills[0]).toMatchObject({ parts: 1, verdicts: { pass: 1 }, rto: { worstSeconds: 10 } });
    expect(report.evidence).toHaveLength(2);
    expect(report.beginsAt).toMatch(/^2024-01-01/);
  });

  test('without any run nothing was proved', async () => {
    const report = await reportOn([]);
    expect(words(report)).toMatch(/^doubt No drill has run since/);
    expect(renderComplianceHtml(report)).toContain('1 thing needs attention');
  });

  test('names the controls, with numbers of this report', async () => {
    const { controls } = await reportOn(nights([10, 9000]), { schedules: [{ drill: 'immich-full', when: '24h' }] });
    expect(controls.map(({ id }) => id)).toEqual(['ISO/IEC 27001:2022 A.8.13', 'SOC 2 A1.2', 'SOC 2 A1.3']);
    expect(controls[0]?.evidence).toMatch(/^2 restore tests in 1 month, 2 passed.*; 29 of 31 scheduled tests missed/);
    expect(controls[1]?.evidence).toContain('config, database, library, models, redis');
    expect(controls[2]?.evidence).toMatch(/RTO met in 1 runs, missed in 1/);
  });
});

describe('the formats', () => {
  test('a year of nights stays far below 1 MiB, and so do nine drills', async () => {
    const year = await reportOn(sampleNights(UNTIL, 365));
    const page = renderComplianceHtml(year);
    expect(Buffer.byteLength(page)).toBeLessThan(400 * 1024);
    expect(page.match(/<svg /g)).toHaveLength(6);
    const [drill] = year.drills;
    const drills = Array.from({ length: 9 }, (_, index) => ({
      ...drill,
      drill: `drill-${index}`,
    })) as Compliance['drills'];
    const evidence = drills.flatMap(() => year.evidence);
    const large = renderComplianceHtml({ ...year, drills, evidence });
    expect(Buffer.byteLength(large)).toBeLessThan(1024 ** 2);
    expect(large).toMatch(/older runs that passed are only in the CSV and JSON/);
    expect(Buffer.byteLength(renderComplianceMarkdown({ ...year, drills, evidence }))).toBeLessThan(1024 ** 2);
  });

  test('the page loads and runs nothing, and escapes what it is given', async () => {
    const drill = '<script>alert(1)</script>';
    const report = await reportOn(nights([10], { drill, substrate: '"><img src=x>' }));
    const page = renderComplianceHtml(report, () => 'a b/"><script>');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(page.match(/<script|<img|<iframe|<[^>]*\s(?:src|on[a-z]+)=|url\((?!#)|@import/g)).toBeNull();
    const others = (page.match(/https?:\/\/[^"' )]+/g) ?? []).filter((url) => !url.startsWith('http://www.w3.org/'));
    expect(others).toEqual([]);
    // Between backticks it is only text.
    expect(renderComplianceMarkdown(report).replaceAll(/`[^`\n]*`/g, '')).not.toContain('<script>');
  });

  test('the CSV has a line for each run and component, and no formulas', async () => {
    const csv = renderComplianceCsv(await reportOn(nights([10, 20], { drill: '=HYPERLINK("x","y")' })));
    const lines = csv.split('\r\n');
    expect(lines).toHaveLength(1 + 2 * 6 + 1);
    expect(lines[1]).toMatch(/^1,2026-03-01T02:00:00\.000Z,/);
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"",""y"")"`);
    expect(lines[1]).toContain(',all,10,7200,met,1.9,86400,met,');
  });
});
