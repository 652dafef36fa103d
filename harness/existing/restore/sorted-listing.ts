import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeLines } from '../../engine/run-folder.ts';
import { linesOf } from '../../model/lines.ts';
import { compareBytes } from '../../model/manifest.ts';

/** What is sorted in memory at once. */
const RUN_FILES = 20_000;

interface Item {
  readonly path: string;
}

/** The files of a list sorted by path as UTF-8 bytes, by way of files in a folder; memory does not grow with the list. */
export async function* sortedListing<File extends Item>(
  files: AsyncIterable<File>,
  folder: string,
): AsyncGenerator<File> {
  const runs: string[] = [];
  let waiting: File[] = [];
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
      yield* merged<File>(runs);
    }
  } finally {
    for (const path of runs) await rm(path, { force: true });
  }
}

function byPath(a: Item, b: Item): number {
  return compareBytes(a.path, b.path);
}

async function* merged<File extends Item>(paths: readonly string[]): AsyncGenerator<File> {
  const heads: { file: File; rest: AsyncIterator<string> }[] = [];
  for (const path of paths) {
    const rest = linesOf(createReadStream(path))[Symbol.asyncIterator]();
    const { value, done } = await rest.next();
    if (!done) heads.push({ file: JSON.parse(value) as File, rest });
  }
  while (heads.length > 0) {
    const least = heads.reduce((a, b) => (compareBytes(b.file.path, a.file.path) < 0 ? b : a));
    yield least.file;
    const { value, done } = await least.rest.next();
    if (done) heads.splice(heads.indexOf(least), 1);
    else least.file = JSON.parse(value) as File;
  }
}
