import type { Finding, Judgement } from '../../model/check.ts';
import { firstFew } from './wording.ts';

/** As many findings as are held in memory; the rest is counted. */
export const MOST_FINDINGS = 1_000;

/** Collects what is wrong and what could not be looked at, and turns it into a judgement. */
export class Tally {
  readonly #findings: Finding[] = [];
  readonly #gaps: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  wrong(subject: string, expected: string, actual: string): void {
    this.#count += 1;
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push({ subject, expected, actual });
  }

  /** Counts findings that are not held one by one. */
  more(count: number): void {
    this.#count += count;
  }

  /** Notes in one clause what was not observed: without a finding, the verdict is `unknown`. */
  gap(clause: string): void {
    if (!this.#gaps.includes(clause)) this.#gaps.push(clause);
  }

  /** `actual` says how it looks when all could be looked at; gaps are put before it. */
  judgement(expected: string, actual: string): Judgement {
    if (this.#count > 0) {
      const words = this.#gaps.length > 0 ? `${actual}; also, ${firstFew(this.#gaps)}` : actual;
      return { verdict: 'fail', expected, actual: words, findings: this.#findings, findingCount: this.#count };
    }
    if (this.#gaps.length > 0) return { verdict: 'unknown', expected, actual: firstFew(this.#gaps) };
    return { verdict: 'pass', expected, actual };
  }
}
