import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../../../model/manifest.ts';
import { mergeEntries } from './merge-entries.ts';

async function* stream(paths: readonly string[], closed: string[] = []): AsyncGenerator<FileEntry> {
  try {
    for (const path of paths) yield { path, type: 'file' } as FileEntry;
  } finally {
    closed.push(paths[0] ?? '');
  }
}

async function pathsOf(merged: AsyncIterable<FileEntry>): Promise<string[]> {
  return (await Array.fromAsync(merged)).map(({ path }) => path);
}

describe('merging', () => {
  it('gives all entries in the order of bytes, which is not that of JavaScript', async () => {
    const merged = mergeEntries([stream(['a', 'b', '\u{1F4F7}']), stream([]), stream(['B', 'ab', '\uFFFD'])]);
    expect(await pathsOf(merged)).toEqual(['B', 'a', 'ab', 'b', '\uFFFD', '\u{1F4F7}']);
  });

  it('ends every stream when nobody wants more, or when one of them fails', async () => {
    const closed: string[] = [];
    for await (const _ of mergeEntries([stream(['a', 'c'], closed), stream(['b'], closed)])) break;
    expect(closed.sort()).toEqual(['a', 'b']);
    const broken = (async function* (): AsyncGenerator<FileEntry> {
      yield { path: 'b' } as FileEntry;
      throw new Error('cut');
    })();
    await expect(pathsOf(mergeEntries([stream(['a', 'z'], closed), broken]))).rejects.toThrow('cut');
    expect(closed).toEqual(['a', 'b', 'a']);
  });
});
