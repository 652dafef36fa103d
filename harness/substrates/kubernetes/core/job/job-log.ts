import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from '../../../../model/job.ts';
import { printable } from '../../../../model/printable.ts';
import { withoutRows } from '../../../../model/without-rows.ts';
import { addWithoutStacks } from '../../../../model/without-stacks.ts';
import type { StepLog } from './parse-log.ts';

const TAIL_LINES = 12;
const LINE_CHARS = 8 * 1024;

/** The log of a job in the run's folder, secrets masked. */
export class JobLog {
  /** Relative to the run's folder. */
  readonly path: string;
  readonly #file: FileHandle;
  readonly #mask: (text: string) => string;
  #last: string[] = [];

  private constructor(path: string, file: FileHandle, mask: (text: string) => string) {
    this.path = path;
    this.#file = file;
    this.#mask = mask;
  }

  static async open(folder: string, job: string, mask: (text: string) => string): Promise<JobLog> {
    return new JobLog(`logs/${job}.log`, await open(join(folder, `${job}.log`), 'a'), mask);
  }

  /** Writes what one step said; its last lines are the tail from then on. */
  async step({ program, args }: Step, { lines, stdout, exitCode, seconds, cut }: StepLog): Promise<void> {
    const said = [...this.#shown(lines), ...this.#shown(stdout === '' ? [] : stdout.trimEnd().split('\n'))];
    const told: string[] = [];
    for (const line of said) addWithoutStacks(told, line);
    this.#last = told.slice(-TAIL_LINES);
    const how =
      exitCode === undefined ? 'ended from outside' : `exit ${exitCode} after ${seconds?.toFixed(3) ?? '?'} s`;
    const text = [
      `$ ${program} ${printable(this.#mask(args.join(' ')))}`,
      ...said,
      `= ${how}${cut ? `; the log is cut: ${cut}` : ''}`,
    ];
    await this.#file.appendFile(`${text.join('\n')}\n`);
  }

  /** What a program says may come out of a backup: neither rows of it nor commands for a terminal are kept. */
  #shown(lines: readonly string[]): string[] {
    const cut = withoutRows();
    return lines.flatMap((line) => {
      const kept = cut(this.#mask(line));
      return kept === undefined ? [] : [printable(kept).slice(0, LINE_CHARS)];
    });
  }

  /** The last lines of the last step. */
  tail(): string {
    return this.#last.join('\n');
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
