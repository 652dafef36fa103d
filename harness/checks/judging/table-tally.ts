import type { Finding } from '../../model/check.ts';
import type { RowDigest } from '../../model/manifest.ts';
import { MOST_FINDINGS, type Tally } from './tally.ts';
import { counted } from './wording.ts';

/** Compares the rows of one table, and decides at its end whether single rows are wrong or the whole table is lost. */
export class TableTally {
  readonly name: string;
  readonly #findings: Finding[] = [];
  #before = 0;
  #after = 0;
  #missing = 0;
  #extra = 0;
  #changed = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** How many rows it had. */
  get before(): number {
    return this.#before;
  }

  get isSame(): boolean {
    return this.#missing + this.#extra + this.#changed === 0;
  }

  /** Such as `asset (2 missing, 1 changed)`. */
  get summary(): string {
    const parts = { missing: this.#missing, extra: this.#extra, changed: this.#changed };
    const words = Object.entries(parts).filter(([, count]) => count > 0);
    return `${this.name} (${words.map(([word, count]) => `${count} ${word}`).join(', ')})`;
  }

  count(before: number, after: number): void {
    this.#before += before;
    this.#after += after;
  }

  /** Compares the rows of one key; there are several only in tables without a key, where the key is the digest. */
  compare(subject: string, before: readonly RowDigest[], after: readonly RowDigest[]): void {
    for (let i = 0; i < Math.max(before.length, after.length); i += 1) {
      const left = before[i];
      const right = after[i];
      if (left && right && left.digest === right.digest) continue;
      if (!right) this.#missing += 1;
      else if (!left) this.#extra += 1;
      else this.#changed += 1;
      this.#note(subject, left ? `row with digest ${left.digest}` : 'no such row', wordsFor(left, right));
    }
  }

  /** One finding for a table that has lost all its rows, otherwise one for every row. */
  reportTo(tally: Tally): void {
    if (this.#after === 0 && this.#missing > 1) {
      tally.wrong(`table ${this.name}`, counted(this.#before, 'row'), 'no rows, or no such table');
      return;
    }
    for (const { subject, expected, actual } of this.#findings) tally.wrong(subject, expected, actual);
    tally.more(this.#missing + this.#extra + this.#changed - this.#findings.length);
  }

  #note(subject: string, expected: string, actual: string): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push({ subject, expected, actual });
  }
}

function wordsFor(before: RowDigest | undefined, after: RowDigest | undefined): string {
  if (!after) return 'missing';
  return before ? `changed: digest ${after.digest}` : 'extra row';
}
