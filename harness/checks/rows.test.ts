import { describe, expect, it } from 'vitest';
import type { RowDigest } from '../model/manifest.ts';
import { rows } from './rows.ts';
import { row } from './testing/entries.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = rows('database');

function restored(change: (all: readonly RowDigest[]) => readonly RowDigest[]): EvidenceBuilder {
  return healthyEvidence().change('after', 'database', 'rows', change);
}

function without(table: string, ...keys: string[]): EvidenceBuilder {
  return restored((all) => all.filter((one) => one.table !== table || (keys.length > 0 && !keys.includes(one.key))));
}

describe('rows', () => {
  it('passes the healthy twin', async () => {
    const judgement = await judged(check, healthyEvidence());
    expect(judgement).toMatchObject({ verdict: 'pass', actual: '8 rows in 4 tables compared' });
  });

  it('names a missing, a changed and an extra row', async () => {
    const missing = await judged(check, without('asset', 'a'));
    expect(missing).toMatchObject({ verdict: 'fail', findingCount: 1, findings: [{ subject: 'asset a' }] });
    const changed = await judged(
      check,
      restored((all) =>
        all.map((one) => (one.table === 'asset_exif' && one.key === 'e' ? row('asset_exif', 'e', 'x') : one)),
      ),
    );
    expect(changed).toMatchObject({ verdict: 'fail', findings: [{ subject: 'table asset_exif row e' }] });
    expect(changed.actual).toContain('asset_exif (1 changed)');
    const extra = await judged(
      check,
      restored((all) => [...all, row('asset_exif', 'z')]),
    );
    expect(extra).toMatchObject({ findings: [{ subject: 'table asset_exif row z', actual: 'extra row' }] });
  });

  it('names a table that lost all its rows once', async () => {
    const judgement = await judged(check, without('asset_exif'));
    expect(judgement).toMatchObject({ verdict: 'fail', findingCount: 1, findings: [{ subject: 'table asset_exif' }] });
    expect(judgement.actual).toContain('1 of 4 tables differ: asset_exif (2 missing)');
  });

  it('counts equal rows of a table without a key', async () => {
    const judgement = await judged(
      check,
      restored((all) => all.filter((_, i) => i !== all.length - 1)),
    );
    expect(subjects(judgement)).toEqual(['table keyless row same']);
  });

  it('reports disposable tables without failing', async () => {
    const judgement = await judged(check, without('job_queue'));
    expect(judgement.verdict).toBe('pass');
    expect(judgement.actual).toContain('disposable tables differ: job_queue');
  });

  it('holds rows of the ledger to when they were written', async () => {
    expect(subjects(await judged(check, without('asset', 'live-1')))).toEqual(['asset live-1']);
    expect(subjects(await judged(check, without('asset', 'live-0')))).toEqual(['asset live-0']);
    const recorded = (key: string): EvidenceBuilder =>
      without('asset', key).change('before', 'database', 'rows', (all) => [...all, row('asset', key)]);
    expect(subjects(await judged(check, recorded('live-1')))).toEqual(['asset live-1']);
    expect((await judged(check, recorded('live-3'))).verdict).toBe('pass');
  });

  it('does not compare the digest of a row that was being written while it was recorded', async () => {
    const builder = healthyEvidence();
    builder.change('before', 'database', 'rows', (all) => [...all, row('asset', 'live-1', 'half')]);
    expect((await judged(check, builder)).verdict).toBe('pass');
    const settled = restored((all) => all.map((one) => (one.key === 'live-0' ? row('asset', 'live-0', 'other') : one)));
    expect(subjects(await judged(check, settled))).toEqual(['asset live-0']);
  });

  it('is unknown when a list was not completely observed, or no row was recorded', async () => {
    for (const moment of ['before', 'after'] as const) {
      const judgement = await judged(check, healthyEvidence().forget(moment, 'database', 'rows'));
      expect(judgement).toMatchObject({ verdict: 'unknown' });
      expect(judgement.actual).toContain('rows of database were not completely observed');
    }
    const empty = healthyEvidence().both('database', 'rows', []).with({ ledger: [] });
    expect((await judged(check, empty)).verdict).toBe('unknown');
  });

  it('counts all findings of a large table and holds 1,000', async () => {
    const lost = Array.from({ length: 3_000 }, (_, i) => row('asset_exif', `n${i}`));
    const builder = healthyEvidence().change('before', 'database', 'rows', (all) => [...all, ...lost]);
    const judgement = await judged(check, builder);
    expect(judgement.findings).toHaveLength(1_000);
    expect(judgement.findingCount).toBe(3_000);
  });
});
