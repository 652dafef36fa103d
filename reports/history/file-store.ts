import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from '../../harness/model/error.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { type HistoryEntry, type Link, readEntry, sealEntry } from './entry.ts';
import { readHead } from './head.ts';
import type { RunSummary } from './run-summary.ts';
import type { Signer } from './signature.ts';
import type { HistoryStore } from './store.ts';
import { endOf, holdsHead, type StoredHistory, verifyHistory } from './verify.ts';

const FILE = 'history.jsonl';
const HEAD = 'history.head.json';

/** Runs some work while nobody else who asks for the same file does. */
export type Exclusively = <Result>(file: string, work: () => Promise<Result>) => Promise<Result>;

/** A history in a folder: one JSON record a line, and the last of them beside it. */
export class FileHistory implements HistoryStore {
  readonly location: string;
  readonly #folder: string;
  readonly #exclusively: Exclusively;
  readonly #signer: Signer | undefined;

  constructor(folder: string, exclusively: Exclusively, signer?: Signer) {
    this.location = join(folder, FILE);
    this.#folder = folder;
    this.#exclusively = exclusively;
    this.#signer = signer;
  }

  async read(): Promise<StoredHistory> {
    try {
      // The head first: read after the lines, it could name one that was written in between.
      const head = await this.#head();
      return { location: this.location, text: await textOf(this.location), head };
    } catch (cause) {
      throw unreadable(this.location, cause);
    }
  }

  /** A file is read at once, and what was changed at its beginning is told by the very next run. */
  async readEnd(): Promise<StoredHistory> {
    return await this.read();
  }

  async append(summary: RunSummary): Promise<HistoryEntry> {
    await mkdir(this.#folder, { recursive: true });
    return await this.#exclusively(`${this.location}.lock`, () => this.#append(summary));
  }

  async #append(summary: RunSummary): Promise<HistoryEntry> {
    const stored = await this.read();
    const { link, torn, needsNewline } = endOf(stored.text);
    const line = sealEntry(summary, link, torn, this.#signer);
    const entry = readEntry(line);
    if (!entry) throw new Error(`a record was made that cannot be read: ${line.slice(0, 200)}`);
    const file = await open(this.location, 'a', 0o644);
    try {
      // What a killed writer left stays: the record accounts for it.
      await file.writeFile(`${needsNewline ? '\n' : ''}${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // A head that the records contradict stays as it is: it is the proof.
    if (holdsHead(verifyHistory(stored).entries, stored.head)) await this.#writeHead(entry);
    return entry;
  }

  async #head(): Promise<Link | undefined> {
    const text = await textOf(join(this.#folder, HEAD));
    return text === '' ? undefined : readHead(text);
  }

  async #writeHead({ seq, hash }: HistoryEntry): Promise<void> {
    await writeAtomically(join(this.#folder, HEAD), `${JSON.stringify({ seq, hash })}\n`);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function unreadable(location: string, cause: unknown): DrillError {
  return new DrillError({
    code: 'history-unreadable',
    where: 'history',
    what: `The history ${location} could not be read: ${(cause as Error).message}.`,
    next: 'see that it can be reached and read, or name another with --history or DRILL_HISTORY.',
    blame: 'environment',
    cause,
  });
}
