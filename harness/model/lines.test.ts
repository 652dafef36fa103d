import { expect, it } from 'vitest';
import { linesOf } from './lines.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it('ends lines at \\n only, wherever the chunks are cut', async () => {
  const lines = ['a\u2028b\u2029c', '', '\ufeff😀 über\r', 'last'];
  for (const size of [1, 2, 3, 1_000])
    expect(await Array.fromAsync(linesOf(inPieces(lines.join('\n'), size)))).toEqual(lines);
  expect(await Array.fromAsync(linesOf(inPieces('a\nb\n', 2)))).toEqual(['a', 'b']);
});

it('passes on the error of a stream that breaks', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('whole\nha');
    throw new Error('cut');
  }
  const seen: string[] = [];
  await expect(async () => {
    for await (const line of linesOf(broken())) seen.push(line);
  }).rejects.toThrow('cut');
  expect(seen).toEqual(['whole']);
});
