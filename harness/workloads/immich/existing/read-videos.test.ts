import { expect, it } from 'vitest';
import { file } from '../../../checks/testing/entries.ts';
import type { ByteRange } from '../../../model/target.ts';
import { readVideos } from './read-videos.ts';

function box(type: string, bytes = Buffer.alloc(40)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + bytes.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, bytes]);
}

function large(type: string, bytes: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1);
  head.write(type, 4, 'latin1');
  head.writeBigUInt64BE(BigInt(16 + bytes.length), 8);
  return Buffer.concat([head, bytes]);
}

async function seen(bytes: Buffer, path = 'encoded-video/u/a.mp4') {
  const volume = {
    has: async () => true,
    read: async (_: string, range?: ByteRange) =>
      range ? bytes.subarray(range.offset, range.offset + range.length) : bytes,
  };
  return await readVideos(volume, [file(path, '', { sizeBytes: bytes.length })], 10);
}

const WHOLE = Buffer.concat([box('ftyp'), box('moov'), box('free', Buffer.alloc(0)), box('mdat', Buffer.alloc(900))]);

it.each([
  ['with its index first', WHOLE],
  [
    'with its index last, behind a large box',
    Buffer.concat([box('ftyp'), large('mdat', Buffer.alloc(99)), box('moov')]),
  ],
  ['in fragments', Buffer.concat([box('ftyp'), box('moof'), box('mdat')])],
  [
    'whose last box goes on to the end',
    Buffer.concat([box('ftyp'), box('moov'), Buffer.from('\0\0\0\0mdatxyz', 'latin1')]),
  ],
])('a video %s is whole', async (_, bytes) => {
  expect(await seen(bytes)).toMatchObject([{ id: 'video encoded-video/u/a.mp4', kind: 'video', ok: true }]);
});

it.each([
  ['is empty', Buffer.alloc(0), /empty/],
  ['was cut', WHOLE.subarray(0, -1), /cut: mdat ends at byte \d+, the file at \d+/],
  ['was cut in a head', WHOLE.subarray(0, 52), /head of a box/],
  ['is an error page', Buffer.from('<html><body>502 Bad Gateway</body></html>'), /not begin as an MP4/],
  ['has another middle', Buffer.concat([box('ftyp'), Buffer.alloc(64, 0xff), box('moov')]), /no box at byte 48/],
  ['has lost its index', Buffer.concat([box('ftyp'), box('mdat')]), /no moov/],
])('a video that %s is none', async (_, bytes, why) => {
  expect(await seen(bytes)).toMatchObject([{ ok: false, saw: expect.stringMatching(why) }]);
});

it('originals are known by their SHA-1, and are not looked into', async () => {
  expect(await seen(WHOLE, 'library/u/a.mp4')).toEqual([]);
});
