import { describe, expect, it } from 'vitest';
import { receipt } from '../../../../checks/testing/entries.ts';
import { EvidenceBuilder } from '../../../../checks/testing/evidence-builder.ts';
import { judged, subjects } from '../../../../checks/testing/verdict-of.ts';
import { numbers } from './numbers.ts';

const BEFORE = {
  'rows of asset': 100,
  'rows of album': 10,
  'rows of session': 4,
  'rows of asset_audit': 7,
  'rows of plugin_action': 3,
  'rows of asset_file': 60,
  'rows of asset_file, sidecar': 20,
  'files in upload': 200,
  'files in thumbs': 300,
};
const LAST = { run: 'my-immich-1', startedAt: '2026-03-01T02:00:00Z', counts: { ...BEFORE, users: 2 } };
const DELETED = 'assets deleted since the last run';

const now = (changes: Record<string, number> = {}) =>
  new EvidenceBuilder().with({ numbers: { ...BEFORE, [DELETED]: 0, ...changes } });
const without = (name: string) => {
  const { [name as keyof typeof BEFORE]: _, ...rest } = BEFORE;
  return new EvidenceBuilder().with({ numbers: rest });
};

describe('numbers', () => {
  const check = numbers('database', LAST);

  it('pass when nothing is fewer, or no more than a tenth', async () => {
    expect(await judged(check, now())).toMatchObject({ verdict: 'pass' });
    expect(await judged(check, now({ 'rows of album': 9, 'rows of asset': 120 }))).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['rows of album', 8],
    ['rows of asset_file, sidecar', 17],
    ['files in upload', 179],
    ['rows of session', 0],
  ])('tell that of %s only %i are left', async (name, left) => {
    expect(subjects(await judged(check, now({ [name]: left })))).toEqual([name]);
  });

  it('tell that none of a type is left', async () => {
    expect(subjects(await judged(check, without('rows of asset_file, sidecar')))).toContain(
      'rows of asset_file, sidecar',
    );
  });

  it('leave a table that its release does not have any more to the judge of the schema', async () => {
    expect(await judged(check, without('rows of plugin_action'))).toMatchObject({ verdict: 'pass' });
  });

  it('only say what Immich itself removes', async () => {
    const fewer = now({ 'rows of asset_audit': 0, 'files in thumbs': 1, 'rows of session': 1 });
    expect(await judged(check, fewer)).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('rows of asset_audit 7 → 0'),
    });
  });

  it('tell of assets that are fewer, below a tenth, unless somebody deleted them', async () => {
    expect(subjects(await judged(check, now({ 'rows of asset': 93 })))).toEqual(['assets']);
    expect(subjects(await judged(check, now({ 'rows of asset': 93, [DELETED]: 6 })))).toEqual(['assets']);
    expect(await judged(check, now({ 'rows of asset': 93, [DELETED]: 7 }))).toMatchObject({ verdict: 'pass' });
  });

  it('compare with earlier dumps of the same backup, and say when there is nothing to compare with', async () => {
    const alone = numbers('database', undefined);
    expect(await judged(alone, now())).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('no earlier'),
    });
    const time = '2026-03-01T02:00:00Z';
    const earlier = [
      { file: 'unreadable.dump', madeAt: time, rows: {} },
      { file: 'night.dump', madeAt: time, rows: { album: 12 } },
    ];
    const judgement = await judged(alone, now().with({ receipts: [{ ...receipt('database', time, time), earlier }] }));
    expect(judgement.findings).toEqual([
      { subject: 'rows of album', expected: 'about 12 in the dump night.dump', actual: '10' },
    ]);
  });

  it('do not ask dumps from before the last run that passed, or that was taken for right', async () => {
    const earlier = [{ file: 'old.dump', madeAt: '2026-02-20T02:00:00Z', rows: { album: 50 } }];
    const receipts = [{ ...receipt('database', LAST.startedAt, LAST.startedAt), earlier }];
    expect(await judged(check, now().with({ receipts }))).toMatchObject({ verdict: 'pass' });
    const accepted = numbers('database', { run: '--accept-drops', startedAt: LAST.startedAt, counts: {} });
    expect(await judged(accepted, now().with({ receipts }))).toMatchObject({ verdict: 'pass' });
    expect(await judged(numbers('database', undefined), now().with({ receipts }))).toMatchObject({ verdict: 'fail' });
  });

  it('are unknown when nothing was counted', async () => {
    expect(await judged(check, new EvidenceBuilder())).toMatchObject({ verdict: 'unknown' });
  });
});
