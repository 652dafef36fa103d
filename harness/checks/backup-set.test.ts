import { describe, expect, it } from 'vitest';
import { backupSet } from './backup-set.ts';
import { receipt } from './testing/entries.ts';
import { at, healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const objects = ['db/dump', 'db/globals'].map((key) => ({ key, sizeBytes: 4, sha256: `sha of ${key}` }));
const receipts = [receipt('database', at('10:02:00'), at('10:03:00'), { objects })];
const stored = { 'db/dump': 'sha of db/dump', 'db/globals': 'sha of db/globals' };

describe('backupSet', () => {
  it('passes the healthy twin, also where no receipt names objects', async () => {
    expect((await judged(backupSet(), healthyEvidence(), { receipts, stored })).verdict).toBe('pass');
    expect((await judged(backupSet(), healthyEvidence())).actual).toContain('0 objects named by 3 receipts');
  });

  it('names an object that is missing or changed', async () => {
    const broken = { ...stored, 'db/dump': 'missing', 'db/globals': 'sha of something else' };
    const judgement = await judged(backupSet(), healthyEvidence(), { receipts, stored: broken });
    expect(judgement.verdict).toBe('fail');
    expect(subjects(judgement)).toEqual(['db/dump', 'db/globals']);
  });

  it('does not expect the objects of a backup that retention deleted', async () => {
    const parts = { receipts, stored: { 'db/dump': 'missing', 'db/globals': 'missing' } };
    const kept = [receipt('library', at('10:02:00'), at('10:03:00'))];
    const all = { ...parts, receipts: [...receipts, ...kept], retained: { database: [], library: ['library-1'] } };
    expect((await judged(backupSet(), healthyEvidence(), all)).verdict).toBe('pass');
    expect((await judged(backupSet(), healthyEvidence(), { ...all, retained: undefined })).verdict).toBe('fail');
  });

  it('is unknown when nobody read the objects back, or nothing was backed up', async () => {
    expect((await judged(backupSet(), healthyEvidence(), { receipts, stored: undefined })).verdict).toBe('unknown');
    expect((await judged(backupSet(), healthyEvidence(), { receipts, stored: {} })).verdict).toBe('unknown');
    expect((await judged(backupSet(), healthyEvidence(), { receipts: [] })).verdict).toBe('unknown');
  });
});
