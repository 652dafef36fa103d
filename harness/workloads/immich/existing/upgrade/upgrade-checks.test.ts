import { describe, expect, it } from 'vitest';
import { file, reference } from '../../../../checks/testing/entries.ts';
import { EvidenceBuilder } from '../../../../checks/testing/evidence-builder.ts';
import { judged, subjects } from '../../../../checks/testing/verdict-of.ts';
import type { FileEntry, InventoryLine, Reference } from '../../../../model/manifest.ts';
import { versionOfTag } from '../configuration/version-of-tag.ts';
import { keptAssets } from './kept-assets.ts';
import { keptNumbers } from './kept-numbers.ts';
import { migrationsRun } from './migrations-run.ts';
import { rehearsedVersion } from './rehearsed-version.ts';

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

  it.each([undefined, 'unknown'])('are unknown when the version that ran them is %s', async (version) => {
    const facts = { 'Immich version': 'v2.7.5', ...(version && { 'rehearsed version': version }) };
    expect(await judged(check, healthy().with({ facts }))).toMatchObject({ verdict: 'unknown' });
  });
});

describe('the version of an upgrade', () => {
  const saying = (version?: string) =>
    healthy().with({ ready: { ready: true, saw: 'it serves', ...(version && { version }) } });

  it.each([
    ['v3.1.0', 'v3.1.0'],
    ['v3.1', 'v3.1.0'],
    ['v3', 'v3.1.0'],
    ['', 'v3.1.0'],
    ['v3.1.0.2', 'v3.1.0'],
  ])('is what the server says, with a tag that names "%s"', async (named, says) => {
    expect(await judged(rehearsedVersion(named), saying(says))).toMatchObject({
      verdict: 'pass',
      actual: `${says}, as the server says`,
    });
  });

  it.each([
    ['v3.2.0', 'v3.1.0'],
    ['v3.1.0', 'v2.7.5'],
    ['v3', 'v2.7.5'],
    ['v3.1', 'v3.10.0'],
  ])('is another than the tag names: %s, and the server says %s', async (named, says) => {
    const judgement = await judged(rehearsedVersion(named), saying(says));
    expect(judgement).toMatchObject({ verdict: 'fail', findings: [{ actual: says }] });
    expect(judgement.findings?.[0]?.expected).toContain(named);
  });

  it.each(['v3.1.0', ''])('is unknown when the server does not say, with a tag that names "%s"', async (named) => {
    expect(await judged(rehearsedVersion(named), saying())).toMatchObject({ verdict: 'unknown' });
    expect(await judged(rehearsedVersion(named), healthy())).toMatchObject({ verdict: 'unknown' });
  });
});

it.each([
  ['ghcr.io/immich-app/immich-server:v3.1.0', 'v3.1.0'],
  ['ghcr.io/immich-app/immich-server:3.1.0', 'v3.1.0'],
  ['ghcr.io/immich-app/immich-server:v3', 'v3'],
  ['localhost:5000/immich-server:3', 'v3'],
  ['localhost:5000/immich-server', ''],
  ['immich-server:v3.1.0-rc.1', 'v3.1.0'],
  [`immich-server:v3.1.0@sha256:${'12'.repeat(32)}`, 'v3.1.0'],
  [`immich-server@sha256:${'12'.repeat(32)}`, ''],
  ['immich-server:release', ''],
  ['immich-server:20261130', ''],
  ['immich-server:2026.11.30', ''],
  ['immich-server:1234567', ''],
  ['immich-server:12ab34c', ''],
  ['immich-server:pr-123', ''],
])('the tag of %s names the version "%s"', (image, version) => {
  expect(versionOfTag(image)).toBe(version);
});
