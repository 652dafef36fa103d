import sharp from 'sharp';
import { expect, it } from 'vitest';
import { openImageDecoder } from './open-image-decoder.ts';

const photo = async (): Promise<Buffer> =>
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#306090' } })
    .jpeg()
    .toBuffer();

it('decodes all pixels in a sandbox, and says why what is none is no image', async () => {
  const bytes = await photo();
  await using decoder = await openImageDecoder();
  expect(await decoder.decode('a.jpg', bytes)).toEqual({
    ok: true,
    saw: 'jpeg, 64 by 48',
    thumbhash: expect.stringMatching(/^[0-9a-f]{10,50}$/),
  });
  expect(await decoder.decode('b.jpg', Buffer.from('no image'))).toMatchObject({ ok: false });
  expect(await decoder.decode('c.jpg', bytes.subarray(0, bytes.length - 40))).toMatchObject({ ok: false });
  expect(await decoder.decode('d.jpg', Buffer.alloc(0))).toMatchObject({ ok: false });
  expect(await decoder.decode('e.jpg', bytes)).toMatchObject({ ok: true });
});

it('has not looked when its process has ended', async () => {
  const decoder = await openImageDecoder();
  await decoder[Symbol.asyncDispose]();
  await expect(decoder.decode('a.jpg', await photo())).rejects.toMatchObject({
    code: 'image-not-decoded',
    blame: 'environment',
  });
});
