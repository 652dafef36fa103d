import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linesOf } from '../../model/lines.ts';
import { compareBytes, type ListedFile } from '../../model/manifest.ts';
import { writeLines } from '../run-folder.ts';

/** What is sorted in memory at once. */
const RUN_FILES = 20_000;

/** The files of a list sorted by path as UTF-8 bytes, by way of files in a folder; memory does not grow with the list. */
export async function* sortedListing(files: AsyncIterable<ListedFile>, folder: string): AsyncGenerator<ListedFile> {
  const runs: string[] = [];
  let waiting: ListedFile[] = [];
  const spill = async () => {
    const path = join(folder, `sorting-${runs.length}.ndjson`);
    runs.push(path);
    await writeLines(path, waiting.sort(byPath));
    waiting = [];
  };
  try {
    for await (const file of files) {
      waiting.push(file);
      if (waiting.length >= RUN_FILES) await spill();
    }
    if (runs.length === 0) yield* waiting.sort(byPath);
    else {
      await spill();
      yield* merged(runs);
    }
  } finally {
    for (const path of runs) await rm(path, { force: true });
  }
}

function byPath(a: ListedFile, b: ListedFile): number {
  return compareBytes(a.path, b.path);
}

async function* merged(paths: readonly string[]): AsyncGenerator<ListedFile> {
  const heads: { file: ListedFile; rest: AsyncIterator<string> }[] = [];
  for (const path of paths) {
    const rest = linesOf(createReadStream(path))[Symbol.asyncIterator]();
    const { value, done } = await rest.next();
    if (!done) heads.push({ file: JSON.parse(value) as ListedFile, rest });
  }
  while (heads.length > 0) {
    const least = heads.reduce((a, b) => (compareBytes(b.file.path, a.file.path) < 0 ? b : a));
    yield least.file;
    const { value, done } = await least.rest.next();
    if (done) heads.splice(heads.indexOf(least), 1);
    else least.file = JSON.parse(value) as ListedFile;
  }
}
