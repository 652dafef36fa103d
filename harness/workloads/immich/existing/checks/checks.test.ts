import { describe, expect, it } from 'vitest';
import { file, folder, receipt, reference } from '../../../../checks/testing/entries.ts';
import { EvidenceBuilder } from '../../../../checks/testing/evidence-builder.ts';
import { judged, subjects } from '../../../../checks/testing/verdict-of.ts';
import type { FileEntry, ListedFile } from '../../../../model/manifest.ts';
import { companions } from './companions.ts';
import { dump } from './dump.ts';
import { images } from './images.ts';
import { mediaRoot } from './media-root.ts';
import { minimums } from './minimums.ts';
import { originals } from './originals.ts';
import { recency } from './recency.ts';
import { sampledInWords } from './sampled-in-words.ts';
import { startMarkers } from './start-markers.ts';
import { untracked } from './untracked.ts';

const DUMPED = '2026-03-01T02:00:00.000Z';
const COPIED = '2026-03-01T03:00:00.000Z';
const A = file('upload/a.jpg');
const B = file('library/b.jpg');
const XMP = file('upload/a.xmp');
const THUMB = file('thumbs/a.webp');
const MARKERS = ['upload', 'library', 'thumbs', 'encoded-video', 'profile', 'backups'].map((name) =>
  file(`${name}/.immich`),
);

function original(of: FileEntry, changes = {}) {
  return reference(of, {
    kind: 'original',
    owner: `asset of ${of.path} original`,
    writtenAt: '2026-01-01T00:00:00Z',
    ...changes,
  });
}

function healthy(): EvidenceBuilder {
  return new EvidenceBuilder()
    .with({
      phases: { preflight: { startedAt: '2026-03-02T02:00:00Z', endedAt: '' } },
      facts: { users: 2, assets: 2, 'newest asset': '2026-02-28T02:00:00Z', 'images decoded': '2 of 2' },
      receipts: [receipt('database', DUMPED, DUMPED), receipt('library', COPIED, COPIED)],
    })
    .list('after', 'library', 'files', [A, B, XMP, THUMB, ...MARKERS])
    .list('after', 'database', 'references', [
      original(A),
      original(B),
      reference(XMP, { kind: 'sidecar', sha1: '', sizeBytes: -1 }),
      reference(THUMB, { kind: 'thumbnail', sha1: '', sizeBytes: -1, regenerable: true }),
    ])
    .list('after', 'database', 'sightings', [
      { id: 'image upload/a.jpg', kind: 'image', ok: true, saw: 'jpeg' },
      { id: 'image thumbs/a.webp', kind: 'image', ok: true, saw: 'webp' },
      { id: 'root /data', kind: 'root', ok: true, saw: '2 files, such as asset 1' },
      { id: 'saved-root /data', kind: 'saved-root', ok: true, saw: '/data' },
    ]);
}

const without = (path: string) => (files: readonly FileEntry[]) => files.filter((one) => one.path !== path);
const replaced = (by: FileEntry) => (files: readonly FileEntry[]) => [...without(by.path)(files), by];

describe('originals', () => {
  const check = originals('database', 'library');

  it('passes a library that is whole, and says that it looked at all of it', async () => {
    const judgement = await judged(check, healthy());
    expect(judgement).toMatchObject({
      verdict: 'pass',
      actual: '0 bad of 2 originals, all of them looked at, 2 SHA-1s right',
    });
  });

  it.each<[string, (files: readonly FileEntry[]) => readonly FileEntry[], RegExp]>([
    ['missing', without(A.path), /^missing$/],
    ['of another size', replaced({ ...A, sizeBytes: 1 }), /1 byte/],
    ['of other bytes', replaced({ ...A, sha1: 'f'.repeat(40) }), /SHA-1 ffff/],
    ['a folder', replaced({ ...A, type: 'directory', sha1: '', sizeBytes: 0 }), /a directory/],
  ])('names an original that is %s', async (_, change, actual) => {
    const judgement = await judged(check, healthy().change('after', 'library', 'files', change));
    expect(judgement.verdict).toBe('fail');
    expect(subjects(judgement)).toEqual(['asset of upload/a.jpg original: upload/a.jpg']);
    expect(judgement.findings?.[0]?.actual).toMatch(actual);
  });

  it('tells a loss apart that comes from backing files up before rows', async () => {
    const late = original(A, { writtenAt: '2026-03-01T03:30:00Z' });
    const evidence = healthy()
      .change('after', 'library', 'files', without(A.path))
      .change('after', 'database', 'references', (all) => [...all.filter(({ path }) => path !== A.path), late]);
    const judgement = await judged(check, evidence);
    expect(judgement.findings?.[0]?.actual).toBe('missing: uploaded 30 min after the files were backed up');
    expect(judgement.actual).toMatch(/back the database up first/);
  });

  it('is unknown when rows or files were not seen', async () => {
    expect(await judged(check, healthy().forget('after', 'library', 'files'))).toMatchObject({ verdict: 'unknown' });
    expect(await judged(check, healthy().list('after', 'database', 'references', []))).toMatchObject({
      verdict: 'unknown',
    });
  });

  it('judges the rest of a sample by its listed size', async () => {
    const listed = (files: readonly FileEntry[]): ListedFile[] =>
      files.map(({ path, sizeBytes }) => ({ path, sizeBytes, modifiedAt: DUMPED }));
    const sample = healthy()
      .list('after', 'library', 'files', [A])
      .list('after', 'library', 'listed', listed([A, B, XMP, THUMB]));
    const judgement = await judged(check, sample);
    expect(judgement).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(/^0 bad of 1 sampled of 2: .* 95 % are bad, the other 1 original listed/),
    });
    expect(await judged(companions('database', 'library'), sample)).toMatchObject({ verdict: 'pass' });
    const short = sample.list('after', 'library', 'listed', listed([A, { ...B, sizeBytes: 1 }, XMP, THUMB]));
    expect(subjects(await judged(check, short))).toEqual(['asset of library/b.jpg original: library/b.jpg']);
    const gone = sample.list('after', 'library', 'listed', listed([A, XMP, THUMB]));
    expect(subjects(await judged(check, gone))).toEqual(['asset of library/b.jpg original: library/b.jpg']);
  });

  it('states what a sample is worth', () => {
    expect(sampledInWords(0, 2_000, 97_114)).toBe(
      '0 bad of 2,000 sampled of 97,114: with 95 % confidence fewer than 0.15 % are bad',
    );
    expect(sampledInWords(0, 59, 1_000)).toMatch(/fewer than 5\.0 % are bad/);
    expect(sampledInWords(1, 99, 1_000)).toBe('1 bad of 100 sampled of 1,000');
  });
});

it('companions: a sidecar must be there, a thumbnail can be made again', async () => {
  const check = companions('database', 'library');
  expect(await judged(check, healthy())).toMatchObject({ verdict: 'pass', actual: '2 files found' });
  const thumb = await judged(check, healthy().change('after', 'library', 'files', without(THUMB.path)));
  expect(thumb).toMatchObject({
    verdict: 'pass',
    actual: expect.stringContaining('1 file not there that Immich makes again'),
  });
  const sidecar = await judged(check, healthy().change('after', 'library', 'files', without(XMP.path)));
  expect(subjects(sidecar)).toEqual(['asset of upload/a.xmp: upload/a.xmp']);
  const video = file('encoded-video/a.mp4');
  const cut = { id: `video ${video.path}`, kind: 'video', ok: false, saw: 'it is cut' };
  const withVideo = healthy()
    .change('after', 'library', 'files', (all) => [...all, video])
    .change('after', 'database', 'sightings', (all) => [...all, cut]);
  expect(await judged(check, withVideo)).toMatchObject({ verdict: 'pass' });
  const known = withVideo.change('after', 'database', 'references', (all) => [
    ...all,
    reference(video, { kind: 'encoded_video', sha1: '', sizeBytes: -1, regenerable: true }),
  ]);
  expect(subjects(await judged(check, known))).toEqual([`asset of ${video.path}: ${video.path}`]);
});

it('files-to-rows: a file without a row is a lost row, unless it is younger than the dump, or allowed', async () => {
  const young = { ...file('upload/young.jpg'), mtimeMs: Date.parse(DUMPED) + 60_000 };
  const evidence = healthy().change('after', 'library', 'files', (all) => [
    ...all,
    young,
    file('upload/orphan.jpg'),
    file('thumbs/rubbish.webp'),
    file('upload/x.tmp'),
  ]);
  const strict = await judged(untracked('database', 'library', 0), evidence);
  expect(subjects(strict)).toEqual(['upload/orphan.jpg']);
  expect(strict.actual).toMatch(/1 without one, 1 written after the dump.*1 thumbnails/);
  expect(await judged(untracked('database', 'library', 1), evidence)).toMatchObject({ verdict: 'pass' });
  expect(await judged(untracked('database', 'library', 0), healthy())).toMatchObject({ verdict: 'pass' });
});

describe('untracked, an upload that keeps the time of when it was taken', () => {
  const check = untracked('database', 'library', 0);
  const upload = file('upload/ab/new.jpg');
  const night = Date.parse(DUMPED);
  const [old, young] = [folder('upload/cd', { mtimeMs: night - 1 }), folder('upload/ab', { mtimeMs: night + 1 })];
  const keeps = { mode: true, owner: true, mtime: true, emptyFolders: true };
  const library = { keeps, leavesOut: [], quiesce: false };
  const seen = (...more: FileEntry[]) =>
    healthy()
      .with({ promises: { library } })
      .change('after', 'library', 'files', (all) => [...all, upload, ...more]);

  it('came after the dump when its folder was changed since', async () => {
    expect(await judged(check, seen(old, young))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(/0 without one, 1 written after the dump/),
    });
  });

  it('has lost its row when its folder was not, or when folders tell nothing', async () => {
    const lost = [upload.path];
    expect(subjects(await judged(check, seen(old, { ...young, mtimeMs: night - 1 })))).toEqual(lost);
    // A copy that has not kept the times of folders.
    expect(subjects(await judged(check, seen({ ...old, mtimeMs: night + 1 }, young)))).toEqual(lost);
    const bucket = { ...library, keeps: { ...keeps, mtime: false } };
    expect(subjects(await judged(check, seen(old, young).with({ promises: { library: bucket } })))).toEqual(lost);
    expect(subjects(await judged(check, seen(old, young).list('after', 'library', 'listed', [])))).toEqual(lost);
  });
});

it('dump: its end, and what it declares', async () => {
  const schema = [
    { id: 'table asset', kind: 'table', definition: '' },
    { id: 'index i', kind: 'index', definition: '' },
    { id: 'constraint f on asset', kind: 'constraint', definition: 'FOREIGN KEY (x)' },
  ] as const;
  const made = (details: Record<string, number | boolean>) =>
    healthy()
      .list('after', 'database', 'schema', schema)
      .with({ receipts: [{ ...receipt('database', DUMPED, DUMPED), details }] });
  const whole = { complete: true, tables: 1, indexes: 1, foreignKeys: 1 };
  expect(await judged(dump('database'), made(whole))).toMatchObject({ verdict: 'pass' });
  expect((await judged(dump('database'), made({ ...whole, complete: false }))).findings?.[0]?.actual).toMatch(
    /it was cut/,
  );
  expect(subjects(await judged(dump('database'), made({ ...whole, foreignKeys: 2 })))).toEqual(['foreign keys']);
  expect(await judged(dump('database'), healthy().with({ receipts: [] }))).toMatchObject({ verdict: 'unknown' });
});

it('minimums, recency and roots', async () => {
  expect(await judged(minimums('database', { users: 2, assets: 2 }), healthy())).toMatchObject({ verdict: 'pass' });
  expect(subjects(await judged(minimums('database', { users: 2, assets: 3 }), healthy()))).toEqual(['assets']);
  expect(await judged(minimums('database', { users: 1, assets: 1 }), healthy().with({ facts: {} }))).toMatchObject({
    verdict: 'unknown',
  });

  expect(await judged(recency('database', 'library', { newestRow: '30d' }), healthy())).toMatchObject({
    verdict: 'pass',
    actual: expect.stringContaining('newest asset 2 d old'),
  });
  expect(
    subjects(await judged(recency('database', 'library', { newestRow: '30d', newestAsset: '1d' }), healthy())),
  ).toEqual(['newest asset']);

  expect(await judged(mediaRoot('database'), healthy())).toMatchObject({ verdict: 'pass' });
  const two = healthy().change('after', 'database', 'sightings', (all) => [
    ...all,
    { id: 'root /old', kind: 'root', ok: true, saw: '1 assets, such as asset 7' },
  ]);
  expect(subjects(await judged(mediaRoot('database'), two))).toEqual(['1 assets, such as asset 7']);
  const another = healthy().change('after', 'database', 'sightings', (all) => [
    ...all.filter(({ kind }) => kind !== 'saved-root'),
    { id: 'saved-root /mnt', kind: 'saved-root', ok: true, saw: '/mnt' },
  ]);
  expect(await judged(mediaRoot('database'), another)).toMatchObject({
    findings: [{ subject: 'MediaLocation of system_metadata', actual: '/mnt' }],
  });
});

it('markers: one in every folder, but for those that the owner makes again', async () => {
  const lacking = healthy().change('after', 'library', 'files', without('thumbs/.immich'));
  expect(await judged(startMarkers('library', []), healthy())).toMatchObject({ verdict: 'pass' });
  expect(subjects(await judged(startMarkers('library', []), lacking))).toEqual(['thumbs/.immich']);
  expect(await judged(startMarkers('library', ['thumbs']), lacking)).toMatchObject({
    verdict: 'pass',
    actual: expect.stringContaining('make thumbs/.immich again'),
  });
});

it('images: a broken one is a fault, unless it was uploaded so', async () => {
  const broken = (path: string) =>
    healthy().change('after', 'database', 'sightings', (all) => [
      ...all.filter(({ id }) => id !== `image ${path}`),
      { id: `image ${path}`, kind: 'image', ok: false, saw: 'cut' },
    ]);
  const check = images('database', 'library');
  expect(await judged(check, healthy())).toMatchObject({ verdict: 'pass' });
  expect(subjects(await judged(check, broken(THUMB.path)))).toEqual([THUMB.path]);
  expect(await judged(check, broken(A.path))).toMatchObject({
    verdict: 'pass',
    actual: expect.stringContaining('1 broken already when uploaded'),
  });
  const changed = broken(A.path).change('after', 'library', 'files', replaced({ ...A, sha1: 'f'.repeat(40) }));
  expect(subjects(await judged(check, changed))).toEqual([A.path]);
});
