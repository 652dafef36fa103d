import { describe, expect, it } from 'vitest';
import { attributesLost } from '../kinds/volume/attributes-lost.ts';
import type { FileEntry } from '../model/manifest.ts';
import type { PathPromises } from '../model/path.ts';
import { fileAttributes } from './file-attributes.ts';
import { KEEPS_ALL } from './testing/entries.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = fileAttributes('library');

function changed(path: string, changes: Partial<FileEntry>): EvidenceBuilder {
  return healthyEvidence().change('after', 'library', 'files', (entries) =>
    entries.map((entry) => (entry.path === path ? { ...entry, ...changes } : entry)),
  );
}

function keeping(keeps: Partial<PathPromises['keeps']>, leavesOut: string[] = []) {
  return { promises: { library: { ...KEEPS_ALL, keeps: { ...KEEPS_ALL.keeps, ...keeps }, leavesOut } } };
}

describe('fileAttributes', () => {
  it('passes the healthy twin', async () => {
    expect((await judged(check, healthyEvidence())).verdict).toBe('pass');
  });

  it.each<[keyof PathPromises['keeps'], Partial<FileEntry>, string]>([
    ['mode', { mode: 0o600 }, 'mode 0600'],
    ['mode', { mode: 0o4644 }, 'mode 4644'],
    ['owner', { uid: 0 }, 'owner 0:1000'],
    ['owner', { gid: 0 }, 'owner 1000:0'],
    ['mtime', { mtimeMs: Date.parse('2026-02-02T00:00:00Z') }, 'changed at 2026-02-02T00:00:00.000Z'],
  ])('catches a changed %s, unless the path does not keep it', async (name, changes, actual) => {
    const judgement = await judged(check, changed('upload/a.jpg', changes));
    expect(judgement).toMatchObject({ verdict: 'fail', findings: [{ subject: 'upload/a.jpg', actual }] });
    const excused = await judged(check, changed('upload/a.jpg', changes), keeping({ [name]: false }));
    expect(excused.verdict).toBe('pass');
    expect(excused.actual).toContain(`not kept by this path: ${name}`);
  });

  it('passes, and says so, when the path keeps no attribute', async () => {
    const judgement = await judged(check, healthyEvidence(), keeping({ mode: false, owner: false, mtime: false }));
    expect(judgement).toMatchObject({
      verdict: 'pass',
      expected: 'readable by their owner where they were',
      actual: expect.stringMatching(/ entries compared, 0 differences; not kept by this path: mode, owner, mtime$/),
    });
    expect(
      attributesLost({ ...KEEPS_ALL, keeps: { mode: false, owner: true, mtime: true, emptyFolders: false } }),
    ).toEqual(['mode', 'empty folders']);
  });

  it.each([
    ['upload/a.jpg', 0o044],
    ['upload/empty', 0o444],
  ])('catches that %s cannot be used by its owner with mode %o, whatever the path keeps', async (path, mode) => {
    const judgement = await judged(check, changed(path, { mode }), keeping({ mode: false }));
    expect(judgement).toMatchObject({
      verdict: 'fail',
      findings: [
        { subject: path, expected: 'readable by its owner', actual: `mode ${mode.toString(8).padStart(4, '0')}` },
      ],
    });
  });

  it('judges folders where they are kept, except those that are made anew', async () => {
    const broken = { mode: 0o700 };
    expect(subjects(await judged(check, changed('upload/empty', broken)))).toEqual(['upload/empty']);
    expect((await judged(check, changed('upload/empty', broken), keeping({ emptyFolders: false }))).verdict).toBe(
      'pass',
    );
    expect((await judged(check, changed('thumbs', broken), keeping({}, ['thumbs']))).verdict).toBe('pass');
  });

  it('expects the time of a folder to move with writes of the ledger into it, and of no other', async () => {
    const later = { mtimeMs: Date.parse('2026-03-01T10:01:30Z') };
    expect((await judged(check, changed('upload/live', later))).verdict).toBe('pass');
    expect(subjects(await judged(check, changed('upload/empty', later)))).toEqual(['upload/empty']);
    expect(subjects(await judged(check, changed('upload/live', { mode: 0 })))).toEqual(['upload/live']);
  });

  it('judges everything of a component that was not struck, whatever its path keeps', async () => {
    const builder = changed('upload/a.jpg', { mode: 0 });
    expect((await judged(check, builder, { ...keeping({ mode: false }), struck: [] })).verdict).toBe('fail');
  });

  it('forgives rounding of times, and no more', async () => {
    const { mtimeMs } = { mtimeMs: Date.parse('2026-01-01T00:00:00Z') };
    expect((await judged(check, changed('upload/a.jpg', { mtimeMs: mtimeMs + 1 }))).verdict).toBe('pass');
    expect((await judged(check, changed('upload/a.jpg', { mtimeMs: mtimeMs + 2 }))).verdict).toBe('fail');
  });

  it('is unknown when a list was not completely observed, or has nothing to compare', async () => {
    expect((await judged(check, healthyEvidence().forget('after', 'library', 'files'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().list('after', 'library', 'files', []))).verdict).toBe('unknown');
  });
});
