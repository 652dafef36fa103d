import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../model/manifest.ts';
import { sums } from './sums.ts';
import { file } from './testing/entries.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const TAKEN = '2026-01-02T00:00:00.000Z';
const A = file('upload/a.jpg');
const B = file('upload/b.xmp');
const LATER = file('upload/later.jpg', 'later', { mtimeMs: Date.parse(TAKEN) + 60_000 });

function vouched(of: FileEntry, digest = of.sha256, listedAt = TAKEN) {
  return { path: of.path, digest, list: 'checksums.sha256', listedAt };
}

function evidence(files: readonly FileEntry[], said: readonly ReturnType<typeof vouched>[]) {
  return healthyEvidence().list('after', 'library', 'files', files).list('after', 'library', 'vouched', said);
}

describe('sums', () => {
  const check = sums('library');

  it('passes files that are as a list says, and says how many', async () => {
    const healthy = evidence([A, B, LATER], [vouched(A), vouched(B, B.sha1), vouched(LATER, 'e'.repeat(64))]);
    expect(await judged(check, healthy)).toMatchObject({
      verdict: 'pass',
      actual: '2 files as listed, 1 written after the list',
    });
    expect(await judged(check, evidence([A], []))).toMatchObject({
      verdict: 'pass',
      actual: 'no list of digests lies with the files',
    });
  });

  it('names a file that is another one', async () => {
    const other = evidence([A, B], [vouched(A), vouched(B, A.sha256)]);
    expect(await judged(check, other)).toMatchObject({
      verdict: 'fail',
      findings: [{ subject: B.path, expected: `${A.sha256}, as checksums.sha256 says`, actual: B.sha256 }],
    });
  });

  it('names a file that is missing, unless the list is older than what it lies with', async () => {
    expect(subjects(await judged(check, evidence([A], [vouched(A), vouched(B)])))).toEqual([B.path]);
    expect(await judged(check, evidence([A, LATER], [vouched(A), vouched(B)]))).toMatchObject({
      verdict: 'pass',
      actual: '1 file as listed, 1 that the backup does not have, of an older list or left out',
    });
  });

  it('misses nothing of a sample, and nothing that was left out', async () => {
    const sample = evidence([A], [vouched(A), vouched(B)]).list('after', 'library', 'listed', []);
    expect(await judged(check, sample)).toMatchObject({ verdict: 'pass' });
    const promises = { library: { keeps: { mtime: true }, leavesOut: ['upload'], quiesce: false } } as never;
    expect(await judged(check, evidence([A], [vouched(A), vouched(B)]), { promises })).toMatchObject({
      verdict: 'pass',
    });
  });

  it('misses nothing that a list names by where it lay on another machine, and says so', async () => {
    const elsewhere = { ...vouched(B), path: '/srv/photos/upload/b.xmp' };
    expect(await judged(check, evidence([A], [vouched(A), elsewhere]))).toMatchObject({
      verdict: 'pass',
      actual: '1 file as listed, 1 named by a place on another machine, which was not compared',
    });
  });

  it('says which digests it does not compare', async () => {
    expect(await judged(check, evidence([A], [vouched(A, '0'.repeat(32))]))).toMatchObject({
      verdict: 'pass',
      actual: '0 files as listed, 1 with digests that are neither SHA-256 nor SHA-1, which were not compared',
    });
  });

  it('is unknown when nobody looked for lists', async () => {
    expect(await judged(check, evidence([A], []).forget('after', 'library', 'vouched'))).toMatchObject({
      verdict: 'unknown',
    });
  });
});
