import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../../../model/manifest.ts';
import { ManifestCut, parseManifest } from './parse-manifest.ts';

const SHA1 = 'a'.repeat(40);
const SHA256 = 'b'.repeat(64);
const RECORDS = [
  'd 2750 7 8 1700000000.1234567890 20/a\nb',
  'f 640 1000 100 1700000000.9999000000 5/a\nb/c/d\\',
  `#${SHA1} ${SHA256}/a\nb/c/d\\`,
  'l 777 0 0 1.0000000000 9/link',
  `=${Buffer.from('../ü\nx').toString('base64')}/link`,
  'p 644 0 0 1.0000000000 0/pipe',
];

function printed(records: readonly string[], trailer?: string): Buffer {
  const body = Buffer.from(records.map((record) => `${record}\0`).join(''));
  const digest = createHash('sha256').update(body).digest('hex');
  return Buffer.concat([body, Buffer.from(`${trailer ?? `.${records.length} ${digest}`}\0`)]);
}

async function parse(bytes: Uint8Array, pieces = 7): Promise<FileEntry[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces);
  }
  return await Array.fromAsync(parseManifest(chunks()));
}

describe('parseManifest', () => {
  it('reads entries with any names, however the stream is cut into pieces', async () => {
    const none = { sizeBytes: 0, sha256: '', sha1: '' };
    const expected: FileEntry[] = [
      { path: 'a\nb', type: 'directory', ...none, mode: 0o2750, uid: 7, gid: 8, mtimeMs: 1_700_000_000_123 },
      {
        ...{ path: 'a\nb/c/d\\', type: 'file', sizeBytes: 5, sha256: SHA256, sha1: SHA1 },
        ...{ mode: 0o640, uid: 1000, gid: 100, mtimeMs: 1_700_000_001_000 },
      },
      { path: 'link', type: 'symlink', ...none, mode: 0o777, uid: 0, gid: 0, mtimeMs: 1000, target: '../ü\nx' },
      { path: 'pipe', type: 'other', ...none, mode: 0o644, uid: 0, gid: 0, mtimeMs: 1000 },
    ];
    for (const pieces of [1, 7, 10_000]) expect(await parse(printed(RECORDS), pieces)).toEqual(expected);
    expect(await parse(printed([]))).toEqual([]);
  });

  it('is an error wherever the stream is cut', async () => {
    const whole = printed(RECORDS);
    for (let length = 0; length < whole.length; length += 1)
      await expect(parse(whole.subarray(0, length), 1_000), `${length} bytes`).rejects.toBeInstanceOf(ManifestCut);
  });

  it.each([
    ['a changed byte', printed(RECORDS).fill('x', 4, 5)],
    ['a lost record', printed(RECORDS.slice(0, 5), `.6 ${SHA256}`)],
    ['a file without digests', printed(RECORDS.slice(0, 2))],
    ['digests of another file', printed([...RECORDS.slice(0, 2), `#${SHA1} ${SHA256}/other`])],
    ['something behind the end', Buffer.concat([printed(RECORDS), Buffer.from('d 1 1 1 1 1/x\0')])],
  ] as const)('refuses %s', async (_, bytes) => {
    await expect(parse(bytes)).rejects.toBeInstanceOf(ManifestCut);
  });
});
