import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** One line of the journal: when, what, and the facts of it. */
export interface JournalLine {
  readonly at: string;
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** The append-only record of a run: one JSON object a line, on the disk before the next thing happens. */
export class Journal implements Disposable {
  readonly #file: number;
  readonly #mask: (text: string) => string;

  constructor(path: string, mask: (text: string) => string) {
    this.#file = openSync(path, 'a', 0o644);
    this.#mask = mask;
  }

  /** Appends a line and flushes it, secrets masked. */
  write(event: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const line: JournalLine = { at: new Date().toISOString(), event, ...facts };
    writeSync(this.#file, `${this.#mask(JSON.stringify(line))}\n`);
    fdatasyncSync(this.#file);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** Reads a journal; a last line that a kill has cut is passed over. */
export function readJournal(path: string): JournalLine[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as JournalLine] : [];
      } catch {
        return [];
      }
    });
}
