import { TextDecoder } from 'node:util';
import { boundedLines } from '../../../model/bounded-lines.ts';
import { endsOf } from '../../../model/ends-of.ts';
import { printable } from '../../../model/printable.ts';
import { withoutRows } from '../../../model/without-rows.ts';
import { addWithoutStacks } from '../../../model/without-stacks.ts';
import type { BoundedLog } from './bounded-log.ts';

const STDOUT_KEPT_BYTES = 64 * 1024;
/** As much of each stream of a step as is looked at; a dump that comes the wrong way must not cost hours. */
const LOGGED = { headBytes: 1024 * 1024, tailBytes: 1024 * 1024 };
const TAIL_LINES = 12;

/** Programs whose standard output is what a database holds: their callers read it, and no log keeps it. */
const PRINTS_ROWS = new Set(['psql', 'pg_dump', 'pg_dumpall', 'pg_restore']);

/** How a step's output is kept. */
export interface OutputOptions {
  readonly program: string;
  readonly log: BoundedLog;
  mask(text: string): string;
  /** Called whenever something was said. */
  heard(): void;
}

/** What a step says: all of it goes to the log, bounded and masked and without rows, and the ends are kept. */
export class StepOutput {
  readonly #options: OutputOptions;
  readonly #tail: string[] = [];
  #stdout = Buffer.alloc(0);

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** The last lines of both streams, as they are in the log. */
  get tail(): string {
    return this.#tail.join('\n');
  }

  /** The end of the standard output as it came, for whoever reads it; every line of it ends. */
  get stdout(): string {
    const text = new TextDecoder().decode(this.#stdout).replaceAll('\r\n', '\n');
    return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  }

  async readStdout(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const { program, log } = this.#options;
    if (!PRINTS_ROWS.has(program)) return await this.#read(this.#kept(stream));
    let sizeBytes = 0;
    for await (const chunk of this.#kept(stream)) {
      sizeBytes += chunk.length;
      this.#options.heard();
    }
    if (sizeBytes > 0) log.write(`(${sizeBytes} bytes of standard output, which can hold rows, are not kept)`);
  }

  async readStderr(stream: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#read(stream);
  }

  async *#kept(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      const end = chunk.subarray(-STDOUT_KEPT_BYTES);
      const before = this.#stdout.subarray(Math.max(0, this.#stdout.length + end.length - STDOUT_KEPT_BYTES));
      this.#stdout = Buffer.concat([before, end]);
      yield chunk;
    }
  }

  async #read(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const { log, mask } = this.#options;
    const cut = withoutRows();
    for await (const line of boundedLines(endsOf(this.#heard(stream), LOGGED))) {
      const kept = cut(line);
      if (kept === undefined) continue;
      const shown = printable(mask(kept));
      log.write(shown);
      addWithoutStacks(this.#tail, shown);
      if (this.#tail.length > TAIL_LINES) this.#tail.shift();
    }
  }

  async *#heard(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      this.#options.heard();
      yield chunk;
    }
  }
}
