import { closeSync, fdatasyncSync, fstatSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { maskedJson } from '../model/mask-values.ts';

/** One line of the journal: when, what, and the facts of it. */
export interface JournalLine {
  readonly at: string;
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** The event that a reader finds where lines of a journal cannot be read, with their `count`. */
export const DAMAGED = 'journal-damaged';

/**
 * The append-only record of a run: one JSON object a line, on the disk before the next thing happens. What cannot be
 * written breaks nothing on the spot, as the run still has to dispose of what it started; `trouble` says so.
 */
export class Journal implements Disposable {
  readonly #path: string;
  readonly #file: number;
  readonly #mask: (text: string) => string;
  #trouble: Error | undefined;
  /** A line may have been written in part; the next one must not be a part of it. */
  #isCut = false;

  constructor(path: string, mask: (text: string) => string) {
    this.#path = path;
    this.#file = openSync(path, 'a', 0o600);
    this.#mask = mask;
  }

  /** Appends a line and flushes it, secrets masked. */
  write(event: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const line: JournalLine = { at: new Date().toISOString(), event, ...facts };
    try {
      this.#append(`${this.#isCut ? '\n' : ''}${maskedJson(line, this.#mask)}\n`);
      this.#isCut = false;
    } catch (error) {
      this.#isCut = true;
      this.#trouble ??= error as Error;
    }
  }

  /** Why something that was written is not there, or will not be. */
  get trouble(): Error | undefined {
    this.#trouble ??= this.#lost();
    return this.#trouble;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #append(text: string): void {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
    fdatasyncSync(this.#file);
  }

  /** A file that was removed can be written to as before, and nobody will ever read it. */
  #lost(): Error | undefined {
    try {
      if (statSync(this.#path).ino === fstatSync(this.#file).ino) return undefined;
      return new Error(`${this.#path} is another file by now`);
    } catch (error) {
      return error as Error;
    }
  }
}

/**
 * Reads a journal; a last line that a kill has cut is passed over, and any other that cannot be read leaves a line that
 * says so.
 */
export function readJournal(path: string): JournalLine[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const read: JournalLine[] = [];
  for (const [index, text] of lines.entries()) {
    if (text === '') continue;
    const line = parsed(text);
    if (line) read.push(line);
    else if (index < lines.length - 1) noteDamage(read);
  }
  return read;
}

function parsed(text: string): JournalLine | undefined {
  try {
    const line = JSON.parse(text) as JournalLine | null;
    return typeof line?.event === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}

function noteDamage(read: JournalLine[]): void {
  const last = read.at(-1);
  const count = last?.event === DAMAGED ? Number(last.count) + 1 : 1;
  if (count > 1) read.pop();
  read.push({ at: last?.at ?? '', event: DAMAGED, count });
}

/** How many lines of a journal could not be read. */
export function damagedLines(journal: readonly JournalLine[]): number {
  return journal.reduce((sum, { event, count }) => sum + (event === DAMAGED ? Number(count) : 0), 0);
}
