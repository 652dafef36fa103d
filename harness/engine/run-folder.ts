import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { linesOf } from '../model/lines.ts';
import type { Moment, ObservationKind, ObservationKinds } from '../model/manifest.ts';

const PRIVATE = 0o700;
const FLUSH_CHARS = 256 * 1024;

/** The folder of a run and the evidence in it. Everything is text: JSON, one object a line. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static async create(path: string): Promise<RunFolder> {
    // Evidence names files and rows of whoever is protected: nobody else may see it, also where a test runs the drill.
    for (const part of ['logs', 'evidence']) await mkdir(join(path, part), { recursive: true, mode: PRIVATE });
    return new RunFolder(path);
  }

  get logs(): string {
    return join(this.path, 'logs');
  }

  get journal(): string {
    return join(this.path, 'journal.jsonl');
  }

  /** Where a list of evidence is, relative to the run folder. */
  evidencePath(moment: Moment, component: string, kind: ObservationKind): string {
    return join('evidence', moment, component, `${kind}.ndjson`);
  }

  /** Writes a list; it has its name only once it is complete, so that one cut short is never taken for the whole. */
  async record<Kind extends ObservationKind>(
    moment: Moment,
    component: string,
    kind: Kind,
    items: AsyncIterable<ObservationKinds[Kind]> | Iterable<ObservationKinds[Kind]>,
  ): Promise<number> {
    const path = join(this.path, this.evidencePath(moment, component, kind));
    await mkdir(dirname(path), { recursive: true });
    return await writeLines(path, items);
  }

  /** A list that was completely observed, or undefined. */
  list<Kind extends ObservationKind>(
    moment: Moment,
    component: string,
    kind: Kind,
  ): AsyncIterable<ObservationKinds[Kind]> | undefined {
    const path = join(this.path, this.evidencePath(moment, component, kind));
    return existsSync(path) ? readLines<ObservationKinds[Kind]>(path) : undefined;
  }
}

/** Writes JSON lines to a file that appears under its name when all of them are on the disk; gives their number. */
export async function writeLines(path: string, items: AsyncIterable<unknown> | Iterable<unknown>): Promise<number> {
  const partial = `${path}.partial`;
  const file = await open(partial, 'w');
  let count = 0;
  try {
    let waiting = '';
    for await (const item of items) {
      waiting += `${JSON.stringify(item)}\n`;
      count += 1;
      if (waiting.length < FLUSH_CHARS) continue;
      await file.write(waiting);
      waiting = '';
    }
    await file.write(waiting);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(partial, path);
  return count;
}

async function* readLines<T>(path: string): AsyncIterable<T> {
  for await (const line of linesOf(createReadStream(path))) yield JSON.parse(line) as T;
}
