import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { RowDigest } from '../model/manifest.ts';
import { joinSorted } from './join/join-sorted.ts';
import { MovingMarks } from './judging/moving-marks.ts';
import { observedTwice } from './judging/observed.ts';
import { TableTally } from './judging/table-tally.ts';
import { Tally } from './judging/tally.ts';
import { counted, firstFew } from './judging/wording.ts';

/** Judges that every table has the rows that it had, by primary key and by a digest of all columns. */
export function rows(component: string): Check {
  return {
    name: 'rows',
    component,
    proves: `Every row of every table of ${component} is back with the same values, and no other row is there.`,
    judge: async (evidence) => new RowsJudge(evidence, component).judge(),
  };
}

class RowsJudge {
  readonly #evidence: Evidence;
  readonly #component: string;
  readonly #tally = new Tally();
  readonly #marks: MovingMarks;
  readonly #disposable: ReadonlySet<string>;
  readonly #calledByName: ReadonlySet<string>;
  readonly #differing: string[] = [];
  readonly #ignored: string[] = [];
  #tables = 0;
  #rows = 0;

  constructor(evidence: Evidence, component: string) {
    this.#evidence = evidence;
    this.#component = component;
    this.#marks = new MovingMarks(evidence, this.#tally, component);
    const { disposable = [], calledByName = [] } = evidence.components.find(({ name }) => name === component) ?? {};
    this.#disposable = new Set(disposable);
    this.#calledByName = new Set(calledByName);
  }

  async judge(): Promise<Judgement> {
    const lists = observedTwice(this.#evidence, this.#tally, this.#component, 'rows');
    if (lists) {
      await this.#compare(lists.before, lists.after);
      for (const key of this.#marks.due())
        this.#tally.wrong(this.#subjectOfMark(key), 'a row written before the backup', 'missing');
      if (this.#rows === 0) this.#tally.gap(`no row of ${this.#component} was recorded before the backup`);
    }
    return this.#tally.judgement('every table with the same rows, by key and digest', this.#actual());
  }

  async #compare(before: AsyncIterable<RowDigest>, after: AsyncIterable<RowDigest>): Promise<void> {
    let table: TableTally | undefined;
    for await (const { left, right } of joinSorted(before, after, (row) => `${row.table}\0${row.key}`)) {
      const row = left[0] ?? right[0];
      if (!row) continue;
      if (table?.name !== row.table) {
        this.#close(table);
        table = new TableTally(row.table);
      }
      this.#judgeRow(table, row, left, right);
    }
    this.#close(table);
  }

  #judgeRow(table: TableTally, row: RowDigest, left: readonly RowDigest[], right: readonly RowDigest[]): void {
    const mark = `${row.table}/${row.key}`;
    const isMark = this.#marks.has(mark);
    const isExcused = isMark && (right.length > 0 || !this.#marks.isDue(mark));
    if (isMark) this.#marks.settle(mark);
    table.count(left.length, right.length);
    if (!isExcused) table.compare(this.#subjectOf(row.table, row.key), left, right);
  }

  #close(table: TableTally | undefined): void {
    if (!table) return;
    this.#tables += 1;
    this.#rows += table.before;
    if (table.isSame) return;
    if (this.#disposable.has(table.name)) {
      this.#ignored.push(table.name);
      return;
    }
    this.#differing.push(table.summary);
    table.reportTo(this.#tally);
  }

  #actual(): string {
    const all = counted(this.#tables, 'table');
    const parts = [`${counted(this.#rows, 'row')} in ${all} compared`];
    if (this.#differing.length > 0)
      parts.unshift(`${this.#differing.length} of ${all} differ: ${firstFew(this.#differing)}`);
    if (this.#ignored.length > 0) parts.push(`disposable tables differ: ${firstFew(this.#ignored)}`);
    return parts.join('; ');
  }

  /** Some rows are what people call by name; all others are named by their table. */
  #subjectOf(table: string, key: string): string {
    return this.#calledByName.has(table) ? `${table} ${key}` : `table ${table} row ${key}`;
  }

  #subjectOfMark(mark: string): string {
    const end = mark.indexOf('/');
    return this.#subjectOf(mark.slice(0, end), mark.slice(end + 1));
  }
}
