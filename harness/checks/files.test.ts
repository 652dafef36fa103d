import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../model/manifest.ts';
import { files } from './files.ts';
import { file, folder, KEEPS_ALL } from './testing/entries.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { at, healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = files('library');

function restored(change: (entries: readonly FileEntry[]) => readonly FileEntry[]): EvidenceBuilder {
  return healthyEvidence().change('after', 'library', 'files', change);
}

function without(...paths: string[]): EvidenceBuilder {
  return restored((entries) => entries.filter((entry) => !paths.includes(entry.path)));
}

function replaced(entry: FileEntry): EvidenceBuilder {
  return restored((entries) => entries.map((old) => (old.path === entry.path ? entry : old)));
}

describe('files', () => {
  it('passes the healthy twin', async () => {
    expect(await judged(check, healthyEvidence())).toMatchObject({ verdict: 'pass', actual: '8 files the same' });
  });

  it.each<[string, FileEntry, string]>([
    ['one flipped byte', file('upload/a.jpg', 'Bytes of upload/a.jpg'), 'sha256'],
    ['a shorter file', file('upload/é.jpg', 'short'), '5 bytes'],
    ['another link', file('upload/link', '', { type: 'symlink', target: 'b.jpg' }), 'link to b.jpg'],
    ['a folder for a file', folder('upload/a.jpg'), 'folder'],
    ['a file for a folder', file('upload/empty', ''), 'file of 0 bytes'],
    ['a changed marker', file('upload/.keep', 'other'), 'sha256'],
  ])('catches %s', async (_what, entry, actual) => {
    const judgement = await judged(check, replaced(entry));
    expect(judgement).toMatchObject({ verdict: 'fail', findingCount: 1 });
    expect(judgement.findings?.[0]?.subject).toBe(entry.path);
    expect(judgement.findings?.[0]?.actual).toContain(actual);
  });

  it('catches a missing file and an unexpected one', async () => {
    expect(subjects(await judged(check, without('upload/a.jpg')))).toEqual(['upload/a.jpg']);
    const stranger = await judged(
      check,
      restored((entries) => [...entries, file('upload/stranger')]),
    );
    expect(stranger).toMatchObject({ verdict: 'fail', findings: [{ subject: 'upload/stranger' }] });
  });

  it('compares empty folders only where the path keeps them', async () => {
    const promises = { library: { ...KEEPS_ALL, keeps: { ...KEEPS_ALL.keeps, emptyFolders: false } } };
    expect(subjects(await judged(check, without('upload/empty')))).toEqual(['upload/empty']);
    expect((await judged(check, without('upload/empty'), { promises })).verdict).toBe('pass');
    const more = (): EvidenceBuilder => restored((entries) => [...entries, folder('lost+found')]);
    expect(subjects(await judged(check, more()))).toEqual(['lost+found']);
    expect((await judged(check, more(), { promises })).verdict).toBe('pass');
  });

  it('is unknown when a list was not completely observed, or is empty', async () => {
    for (const moment of ['before', 'after'] as const) {
      const judgement = await judged(check, healthyEvidence().forget(moment, 'library', 'files'));
      expect(judgement.verdict).toBe('unknown');
      expect(judgement.actual).toContain(`the files of library were not completely observed ${moment}`);
    }
    const empty = healthyEvidence().both('library', 'files', []).with({ ledger: [] });
    expect((await judged(check, empty)).verdict).toBe('unknown');
  });

  it('holds 1,000 findings and counts all', async () => {
    const lost = Array.from({ length: 2_500 }, (_, i) => file(`upload/${i}.jpg`));
    const builder = healthyEvidence().change('before', 'library', 'files', (entries) => [...entries, ...lost]);
    const judgement = await judged(check, builder);
    expect(judgement.findings).toHaveLength(1_000);
    expect(judgement.findingCount).toBe(2_500);
  });
});

describe('files that are left out', () => {
  const leavesOut = (...folders: string[]) => ({ promises: { library: { ...KEEPS_ALL, leavesOut: folders } } });

  it('counts regenerable files as left out, not as lost', async () => {
    const judgement = await judged(check, without('thumbs/a.webp', 'thumbs'), leavesOut('thumbs'));
    expect(judgement.verdict).toBe('pass');
    expect(judgement.actual).toContain('1 regenerable file left out');
  });

  it('catches regenerable files that no path said it leaves out', async () => {
    expect(subjects(await judged(check, without('thumbs/a.webp')))).toEqual(['thumbs/a.webp']);
  });

  it('expects the marker of a folder that is left out', async () => {
    const judgement = await judged(check, without('thumbs/a.webp', 'thumbs/.keep'), leavesOut('thumbs/'));
    expect(subjects(judgement)).toEqual(['thumbs/.keep']);
  });

  it('catches a folder that is left out though nothing can make it again', async () => {
    const judgement = await judged(check, healthyEvidence(), leavesOut('thumbs', 'upload'));
    expect(judgement).toMatchObject({ verdict: 'fail', findings: [{ subject: 'folder upload' }] });
    const lost = await judged(check, without('upload/a.jpg'), leavesOut('upload'));
    expect(subjects(lost)).toEqual(['folder upload', 'upload/a.jpg']);
  });

  it('is not misled by a folder whose name begins alike', async () => {
    const builder = healthyEvidence().change('before', 'library', 'files', (all) => [...all, file('thumbs-old/a.jpg')]);
    expect(subjects(await judged(check, builder, leavesOut('thumbs')))).toEqual(['thumbs-old/a.jpg']);
  });
});

describe('files of the ledger', () => {
  it('must be there when they were written before the backup', async () => {
    expect(subjects(await judged(check, without('upload/live/1.jpg')))).toEqual(['upload/live/1.jpg']);
    expect(subjects(await judged(check, without('upload/live/0.jpg')))).toEqual(['upload/live/0.jpg']);
    const recorded = without('upload/live/1.jpg');
    recorded.change('before', 'library', 'files', (entries) => [...entries, file('upload/live/1.jpg')]);
    expect(subjects(await judged(check, recorded))).toEqual(['upload/live/1.jpg']);
  });

  it('may be absent when they were written later, and bring their folders', async () => {
    expect((await judged(check, without('upload/live/2.jpg'))).verdict).toBe('pass');
    const builder = healthyEvidence();
    builder.change('before', 'library', 'files', (all) => all.filter(({ path }) => !path.startsWith('upload/live')));
    builder.with({ ledger: builder.build().ledger.slice(1) });
    builder.change('after', 'library', 'files', (all) => all.filter(({ path }) => path !== 'upload/live/0.jpg'));
    expect((await judged(check, builder)).verdict).toBe('pass');
  });

  it('must all be there when the component was not struck, which leaves nothing out', async () => {
    const unharmed = await judged(check, healthyEvidence(), { struck: ['database'] });
    expect(subjects(unharmed)).toEqual(['upload/live/3.jpg', 'upload/live/4.jpg']);
    const all = restored((entries) => [...entries, file('upload/live/3.jpg'), file('upload/live/4.jpg')]);
    expect((await judged(check, all, { struck: ['database'] })).verdict).toBe('pass');
    const promises = { library: { ...KEEPS_ALL, leavesOut: ['thumbs'] } };
    all.change('after', 'library', 'files', (entries) => entries.filter(({ path }) => path !== 'thumbs/a.webp'));
    expect(subjects(await judged(check, all, { struck: [], promises }))).toEqual(['thumbs/a.webp']);
  });

  it('is unknown without a receipt, and without promises', async () => {
    expect((await judged(check, healthyEvidence(), { receipts: [] })).actual).toContain('no receipt says when');
    expect((await judged(check, healthyEvidence(), { promises: {} })).verdict).toBe('unknown');
  });

  it('refuses a time that cannot be read', async () => {
    const ledger = [{ sequence: 0, writtenAt: 'noon', marks: [{ component: 'library', key: 'x' }] }];
    await expect(judged(check, healthyEvidence(), { ledger })).rejects.toMatchObject({ code: 'time-unreadable' });
    expect(at('10:00:00')).toBe('2026-03-01T10:00:00.000Z');
  });
});
