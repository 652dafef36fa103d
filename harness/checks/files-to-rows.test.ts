import { describe, expect, it } from 'vitest';
import { filesToRows } from './files-to-rows.ts';
import { file } from './testing/entries.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = filesToRows('database', 'library');

function withoutReference(path: string): EvidenceBuilder {
  return healthyEvidence().change('after', 'database', 'references', (all) => all.filter((one) => one.path !== path));
}

describe('filesToRows', () => {
  it('passes the healthy twin, in which a late write is untracked', async () => {
    const judgement = await judged(check, healthyEvidence());
    expect(judgement.verdict).toBe('pass');
    expect(judgement.actual).toContain('1 file untracked but re-uploadable');
  });

  it('names a file that lost its row', async () => {
    const judgement = await judged(check, withoutReference('upload/a.jpg'));
    expect(judgement).toMatchObject({ verdict: 'fail', findings: [{ subject: 'upload/a.jpg' }] });
  });

  it('names a file that was not there before, unless it is ignored', async () => {
    const stranger = (): EvidenceBuilder =>
      healthyEvidence().change('after', 'library', 'files', (all) => [...all, file('backups/dump.sql.gz')]);
    expect(subjects(await judged(check, stranger()))).toEqual(['backups/dump.sql.gz']);
    const ignoring = filesToRows('database', 'library', { ignore: (path) => path.startsWith('backups/') });
    expect((await judged(ignoring, stranger())).verdict).toBe('pass');
  });

  it('allows a late write only when the backup of the database could not have its row', async () => {
    expect(subjects(await judged(check, withoutReference('upload/live/1.jpg')))).toEqual(['upload/live/1.jpg']);
    const unharmed = await judged(check, healthyEvidence(), { struck: ['library'] });
    expect(subjects(unharmed)).toEqual(['upload/live/2.jpg']);
  });

  it('does not take a row of another component for one of this', async () => {
    const builder = healthyEvidence().change('after', 'database', 'references', (all) =>
      all.map((one) => (one.path === 'upload/a.jpg' ? { ...one, component: 'models' } : one)),
    );
    expect(subjects(await judged(check, builder))).toEqual(['upload/a.jpg']);
  });

  it('is unknown when any of the lists was not completely observed, or says nothing', async () => {
    for (const moment of ['before', 'after'] as const) {
      expect((await judged(check, healthyEvidence().forget(moment, 'library', 'files'))).verdict).toBe('unknown');
      const forgotten = healthyEvidence().forget(moment, 'database', 'references');
      expect((await judged(check, forgotten)).verdict).toBe('unknown');
    }
    expect((await judged(check, healthyEvidence().list('before', 'database', 'references', []))).verdict).toBe(
      'unknown',
    );
    expect((await judged(check, healthyEvidence().list('after', 'library', 'files', []))).verdict).toBe('unknown');
  });
});
