import { compareBytes, type FileEntry } from '../../../../model/manifest.ts';

/** Entries of several streams, each sorted by path as bytes, as one such stream. */
export async function* mergeEntries(streams: readonly AsyncIterable<FileEntry>[]): AsyncGenerator<FileEntry> {
  const sources = streams.map((stream) => stream[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(sources.map(async (source) => await source.next()));
    for (;;) {
      let least: { at: number; entry: FileEntry } | undefined;
      for (const [at, { done, value }] of heads.entries())
        if (!done && (!least || compareBytes(value.path, least.entry.path) < 0)) least = { at, entry: value };
      if (!least) return;
      yield least.entry;
      const next = await sources[least.at]?.next();
      if (next) heads[least.at] = next;
    }
  } finally {
    await Promise.allSettled(sources.map(async (source) => await source.return?.()));
  }
}
