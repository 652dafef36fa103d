import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../model/manifest.ts';
import { rowsToFiles } from './rows-to-files.ts';
import { file, folder, KEEPS_ALL, reference } from './testing/entries.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = rowsToFiles('database');

function without(path: string): EvidenceBuilder {
  return healthyEvidence().change('after', 'library', 'files', (all) => all.filter((one) => one.path !== path));
}

function replaced(entry: FileEntry): EvidenceBuilder {
  return healthyEvidence().change('after', 'library', 'files', (all) =>
    all.map((old) => (old.path === entry.path ? entry : old)),
  );
}

describe('rowsToFiles', () => {
  it('passes the healthy twin', async () => {
    expect(await judged(check, healthyEvidence())).toMatchObject({
      verdict: 'pass',
      actual: '5 files found and right',
    });
  });

  it('names the owner and the path of a file that is missing or wrong', async () => {
    const subject = 'asset of upload/a.jpg: upload/a.jpg';
    const missing = await judged(check, without('upload/a.jpg'));
    expect(missing).toMatchObject({ verdict: 'fail', findings: [{ subject, actual: 'missing' }] });
    const flipped = await judged(check, replaced(file('upload/a.jpg', 'Bytes of upload/a.jpg')));
    expect(flipped).toMatchObject({ verdict: 'fail', findings: [{ subject }] });
    expect(subjects(await judged(check, replaced(folder('upload/a.jpg'))))).toEqual([subject]);
  });

  it('compares the size even where the row knows no checksum, and nothing that it does not know', async () => {
    const other = file('upload/a.jpg', 'longer bytes of upload/a.jpg');
    const knows = (sizeBytes: number): EvidenceBuilder =>
      replaced(other).change('after', 'database', 'references', (all) =>
        all.map((one) => (one.path === other.path ? { ...one, sha1: '', sizeBytes } : one)),
      );
    expect((await judged(check, knows(20))).verdict).toBe('fail');
    expect((await judged(check, knows(-1))).verdict).toBe('pass');
  });

  it('judges every row that speaks of the same file', async () => {
    const twice = healthyEvidence().change('after', 'database', 'references', (all) => [
      ...all,
      reference(file('upload/a.jpg', 'not that'), { owner: 'asset twin' }),
    ]);
    expect(subjects(await judged(check, twice))).toEqual(['asset twin: upload/a.jpg']);
  });

  it('catches rows whose files came too late for their backup', async () => {
    const early = healthyEvidence().change('after', 'database', 'references', (all) => [
      ...all,
      reference(file('upload/live/3.jpg')),
    ]);
    expect(subjects(await judged(check, early))).toEqual(['asset of upload/live/3.jpg: upload/live/3.jpg']);
  });

  it('counts regenerable files of folders that are left out, and only those', async () => {
    const promises = { library: { ...KEEPS_ALL, leavesOut: ['thumbs'] } };
    const judgement = await judged(check, without('thumbs/a.webp'), { promises });
    expect(judgement.verdict).toBe('pass');
    expect(judgement.actual).toContain('1 regenerable file left out');
    expect((await judged(check, without('thumbs/a.webp'))).verdict).toBe('fail');
    const precious = without('thumbs/a.webp').change('after', 'database', 'references', (all) =>
      all.map((one) => ({ ...one, regenerable: false })),
    );
    expect((await judged(check, precious, { promises })).verdict).toBe('fail');
  });

  it('is unknown when rows or files were not completely observed, or no row speaks of a file', async () => {
    expect((await judged(check, healthyEvidence().forget('after', 'database', 'references'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().forget('after', 'library', 'files'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().list('after', 'database', 'references', []))).verdict).toBe(
      'unknown',
    );
  });

  it('is unknown when all that rows speak of was left out of the backup', async () => {
    const promises = { library: { ...KEEPS_ALL, leavesOut: ['thumbs'] } };
    const thumb = reference(file('thumbs/a.webp'), { sha1: '', sizeBytes: -1, regenerable: true });
    const nothing = without('thumbs/a.webp').list('after', 'database', 'references', [thumb]);
    expect(await judged(check, nothing, { promises })).toMatchObject({
      verdict: 'unknown',
      actual: 'not one file that a row of database speaks of was there to be looked at',
    });
  });
});
