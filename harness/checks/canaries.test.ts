import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../model/workload.ts';
import { canaries } from './canaries.ts';
import { cacheKey, file, KEEPS_ALL, row, write } from './testing/entries.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { at, healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = canaries();

function withoutFile(path: string): EvidenceBuilder {
  return healthyEvidence().change('after', 'library', 'files', (all) => all.filter((one) => one.path !== path));
}

function plus(...entries: LedgerEntry[]): { readonly ledger: readonly LedgerEntry[] } {
  return { ledger: [...healthyEvidence().build().ledger, ...entries] };
}

describe('canaries', () => {
  it('passes the healthy twin', async () => {
    const judgement = await judged(check, healthyEvidence());
    expect(judgement.verdict).toBe('pass');
    expect(judgement.actual).toContain('library: 2 writes before its backup, 1 during, 2 after');
  });

  it('catches what was written before the backup and is missing, in every kind of component', async () => {
    expect(subjects(await judged(check, withoutFile('upload/live/0.jpg')))[0]).toContain('library: upload/live/0.jpg');
    const rows = healthyEvidence().change('after', 'database', 'rows', (all) => all.filter((r) => r.key !== 'live-1'));
    expect(subjects(await judged(check, rows))[0]).toContain('database: asset/live-1 (write 1');
    const keys = healthyEvidence().change('after', 'redis', 'keys', (all) => all.filter((k) => k.key !== 'live:1'));
    expect(subjects(await judged(check, keys))[0]).toContain('redis: live:1');
  });

  it('catches what was written after the backup and is present, in every kind of component', async () => {
    const all = healthyEvidence()
      .change('after', 'library', 'files', (files) => [...files, file('upload/live/3.jpg')])
      .change('after', 'database', 'rows', (rows) => [...rows, row('asset', 'live-2')])
      .change('after', 'redis', 'keys', (keys) => [...keys, cacheKey('live:4')]);
    const judgement = await judged(check, all);
    expect(judgement).toMatchObject({ verdict: 'fail', findingCount: 3 });
    expect(subjects(judgement).map((subject) => subject.split(' (')[0])).toEqual([
      'library: upload/live/3.jpg',
      'database: asset/live-2',
      'redis: live:4',
    ]);
  });

  it('accepts either while the backup ran, and a hole only where a folder was walked', async () => {
    expect((await judged(check, withoutFile('upload/live/2.jpg'))).verdict).toBe('pass');
    const { receipts } = healthyEvidence().build();
    const during = (component: string) => receipts.find((one) => one.component === component)?.startedAt ?? '';
    const walked = withoutFile('upload/live/2.jpg').change('after', 'library', 'files', (all) => [
      ...all,
      file('upload/live/5.jpg'),
    ]);
    const later = write(6, during('library'), ['library', 'upload/live/5.jpg']);
    expect((await judged(check, walked, plus(later))).verdict).toBe('pass');

    const holed = healthyEvidence().change('after', 'database', 'rows', (all) => [...all, row('asset', 'live-6')]);
    const skipped = write(5, during('database'), ['database', 'asset/live-5']);
    const judgement = await judged(
      check,
      holed,
      plus(skipped, write(6, during('database'), ['database', 'asset/live-6'])),
    );
    expect(judgement).toMatchObject({ verdict: 'fail', findingCount: 1 });
    expect(subjects(judgement)[0]).toContain('asset/live-5');
  });

  it('does not blame a write that was under way when the backup ended', async () => {
    const entry = write(5, at('10:04:01'), ['library', 'upload/live/5.jpg']);
    const builder = (): EvidenceBuilder =>
      healthyEvidence().change('after', 'library', 'files', (all) => [...all, file('upload/live/5.jpg')]);
    expect((await judged(check, builder(), plus(entry))).verdict).toBe('fail');
    const straddling = { ...entry, startedAt: at('10:03:59') };
    expect((await judged(check, builder(), plus(straddling))).verdict).toBe('pass');
  });

  it('is unknown when one side of a backup has no write', async () => {
    const { ledger } = healthyEvidence().build();
    const early = await judged(check, healthyEvidence(), { ledger: ledger.slice(0, 3) });
    expect(early).toMatchObject({ verdict: 'unknown' });
    expect(early.actual).toContain('nothing was written after the backup of library');
    const late = await judged(check, healthyEvidence(), { ledger: ledger.slice(3) });
    expect(late.actual).toContain('nothing was written before the backup of redis');
    expect((await judged(check, healthyEvidence(), { ledger: [] })).verdict).toBe('unknown');
  });

  it('is unknown when marks cannot be looked up or placed', async () => {
    expect((await judged(check, healthyEvidence().forget('after', 'library', 'files'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().forget('after', 'database', 'rows'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().forget('after', 'redis', 'keys'))).verdict).toBe('unknown');
    const unplaced = await judged(check, healthyEvidence(), { receipts: [] });
    expect(unplaced.actual).toContain('no receipt says when the backup of library was made');
  });

  it('goes by the newest backup', async () => {
    const [first, ...others] = healthyEvidence().build().receipts;
    const older = { ...first, component: 'library', id: 'old', startedAt: at('09:00:00'), endedAt: at('09:01:00') };
    const receipts = [...others, ...(first ? [first] : []), older] as typeof others;
    expect((await judged(check, healthyEvidence(), { receipts })).verdict).toBe('pass');
  });

  it('expects every write in a component that was not struck', async () => {
    const struck = ['library', 'database'];
    const judgement = await judged(check, healthyEvidence(), { struck });
    expect(subjects(judgement).map((subject) => subject.split(' (')[0])).toEqual(['redis: live:3', 'redis: live:4']);
    const unharmed = healthyEvidence().change('after', 'redis', 'keys', (all) => [
      ...all,
      cacheKey('live:3'),
      cacheKey('live:4'),
    ]);
    expect((await judged(check, unharmed, { struck })).verdict).toBe('pass');
  });

  it('leaves out marks in folders that are left out', async () => {
    const entry = write(1, at('10:01:40'), ['library', 'thumbs/live.webp']);
    expect((await judged(check, healthyEvidence(), plus(entry))).verdict).toBe('fail');
    const promises = { ...healthyEvidence().build().promises, library: { ...KEEPS_ALL, leavesOut: ['thumbs'] } };
    expect((await judged(check, healthyEvidence(), { ...plus(entry), promises })).verdict).toBe('pass');
  });
});
