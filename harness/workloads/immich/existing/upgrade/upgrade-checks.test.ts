import { describe, expect, it } from 'vitest';
import { file, reference } from '../../../../checks/testing/entries.ts';
import { EvidenceBuilder } from '../../../../checks/testing/evidence-builder.ts';
import { judged, subjects } from '../../../../checks/testing/verdict-of.ts';
import type { FileEntry, InventoryLine, Reference } from '../../../../model/manifest.ts';
import { keptAssets } from './kept-assets.ts';
import { keptNumbers } from './kept-numbers.ts';
import { migrationsRun } from './migrations-run.ts';

const A = file('upload/a.jpg');
const B = file('library/b.jpg');

function original(of: FileEntry, id: string, changes: Partial<Reference> = {}): Reference {
  return reference(of, { kind: 'original', owner: `asset ${id} (${of.path}) original`, ...changes });
}

const migration = (name: string) => ({ id: `migration ${name}`, kind: 'migration', ok: true, saw: 'recorded' });
const NUMBERS: InventoryLine[] = [
  { label: 'albums', count: 2 },
  { label: 'assets', count: 2 },
  { label: 'photos of mia', count: 2 },
  { label: 'users', count: 1 },
];

function healthy(): EvidenceBuilder {
  return new EvidenceBuilder()
    .with({ facts: { 'Immich version': 'v2.7.5', 'rehearsed version': 'v3.1.0' } })
    .both('library', 'files', [A, B])
    .both('database', 'references', [original(A, '1'), original(B, '2')])
    .both('database', 'inventory', NUMBERS)
    .list('before', 'database', 'sightings', [migration('1-one')])
    .list('after', 'database', 'sightings', [migration('1-one'), migration('2-two')]);
}

describe('assets after an upgrade', () => {
  const check = keptAssets('database', 'library');

  it('are the same', async () => {
    expect(await judged(check, healthy())).toMatchObject({
      verdict: 'pass',
      actual: '0 lost or changed of 2 assets, 2 originals with the same SHA-1',
    });
  });

  it('may lie elsewhere, with the same bytes', async () => {
    const moved = { ...A, path: 'library/moved.jpg' };
    const evidence = healthy()
      .list('after', 'library', 'files', [moved, B])
      .list('after', 'database', 'references', [original(moved, '1'), original(B, '2')]);
    expect(await judged(check, evidence)).toMatchObject({ verdict: 'pass' });
  });

  it.each<[string, (evidence: EvidenceBuilder) => EvidenceBuilder, RegExp]>([
    ['without a row', (one) => one.list('after', 'database', 'references', [original(B, '2')]), /no row/],
    ['without its file', (one) => one.list('after', 'library', 'files', [B]), /missing/],
    ['with other bytes', (one) => one.list('after', 'library', 'files', [{ ...A, sha1: 'f'.repeat(40) }, B]), /f{40}/],
    [
      'with another SHA-1 in its row',
      (one) =>
        one.list('after', 'database', 'references', [original(A, '1', { sha1: 'e'.repeat(40) }), original(B, '2')]),
      /e{40}/,
    ],
  ])('are named when one is %s', async (_, harm, actual) => {
    const judgement = await judged(check, harm(healthy()));
    expect(judgement.verdict).toBe('fail');
    expect(subjects(judgement)).toEqual(['asset 1 (upload/a.jpg) original']);
    expect(judgement.findings?.[0]?.actual).toMatch(actual);
  });

  it('that were not restored cannot be lost', async () => {
    expect(await judged(check, healthy().both('library', 'files', [B]))).toMatchObject({
      verdict: 'pass',
      actual: '0 lost or changed of 2 assets, 1 original with the same SHA-1',
    });
  });

  it('are unknown when nobody has looked, or there are none', async () => {
    expect(await judged(check, healthy().forget('after', 'database', 'references'))).toMatchObject({
      verdict: 'unknown',
    });
    expect(await judged(check, healthy().both('database', 'references', []))).toMatchObject({ verdict: 'unknown' });
  });
});

describe('numbers after an upgrade', () => {
  const check = keptNumbers('database');
  const counting = (lines: InventoryLine[]) => healthy().list('after', 'database', 'inventory', lines);

  it('are the same', async () => {
    expect(await judged(check, healthy())).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(/^0 of 4 numbers differ; now 1 users/),
    });
  });

  it.each([
    ['another', NUMBERS.map((one) => (one.label === 'albums' ? { ...one, count: 1 } : one)), 'albums'],
    ['that of a user who is gone', NUMBERS.filter(({ label }) => label !== 'photos of mia'), 'photos of mia'],
  ])('are named when one is %s', async (_, lines, label) => {
    const judgement = await judged(check, counting(lines));
    expect({ verdict: judgement.verdict, named: subjects(judgement) }).toEqual({ verdict: 'fail', named: [label] });
  });

  it('that nobody can count any more are unknown', async () => {
    expect(await judged(check, counting(NUMBERS.filter(({ label }) => label !== 'albums')))).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringContaining('albums'),
    });
  });
});

describe('migrations of an upgrade', () => {
  const check = migrationsRun('database');

  it('are told', async () => {
    expect(await judged(check, healthy())).toMatchObject({
      verdict: 'pass',
      actual: 'v2.7.5 to v3.1.0, 1 ran: 2-two',
    });
  });

  it('must not forget those before', async () => {
    const judgement = await judged(check, healthy().list('after', 'database', 'sightings', [migration('2-two')]));
    expect(subjects(judgement)).toEqual(['migration 1-one']);
  });

  it('are unknown when the database does not tell its version', async () => {
    expect(await judged(check, healthy().with({ facts: { 'Immich version': 'v2.7.5' } }))).toMatchObject({
      verdict: 'unknown',
    });
  });
});
