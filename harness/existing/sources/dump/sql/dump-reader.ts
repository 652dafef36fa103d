import { broken, refused } from './dump-errors.ts';
import { forbidden } from './psql-command.ts';
import { StatementScanner, type Stop } from './statement-scanner.ts';

/** A statement longer than this is none of a dump that could be restored within any memory. */
const MAX_STATEMENT_BYTES = 64 * 1024 ** 2;
const COMMENT_CHARS = 200;
const LF = 10;
const END_OF_ROWS = Buffer.from('\n\\.');
const COPY_IN = /^copy\b(?:[^'"]|"(?:[^"]|"")*"|'(?:[^']|'')*')*\bfrom\s+stdin\b/i;
const COPY_CHARS = 64 * 1024;
const OLD_STRINGS = /^set\s+standard_conforming_strings\s*(?:=|to)\s*'?(on|off)/i;

/** A piece of a dump of SQL; `line` is the one that it begins on. */
export type DumpPart =
  | { readonly kind: 'comment'; readonly text: string; readonly line: number; readonly at: number }
  | { readonly kind: 'command'; readonly text: string; readonly line: number }
  | { readonly kind: 'statement'; readonly text: string; readonly line: number }
  /** `COPY … FROM stdin` and the rows that follow; what is not read of them is passed over. */
  | { readonly kind: 'copy'; readonly text: string; readonly line: number; readonly rows: AsyncGenerator<Buffer> };

/** Reads a dump of SQL in one pass and with little memory: statements, rows, comments between them, commands for psql. */
export class DumpReader {
  readonly #pieces: AsyncIterator<Buffer>;
  /** What has been read and not been given yet, from `#at` on. */
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #isAll = false;
  #line = 1;
  #readBytes = 0;
  #backslashEscapes = false;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** How many bytes there were; known at the end. */
  get sizeBytes(): number {
    return this.#readBytes;
  }

  async *parts(): AsyncGenerator<DumpPart> {
    try {
      for (;;) {
        const first = await this.#skipSpace();
        if (first === undefined) return;
        if (first === 0x5c) yield { kind: 'command', line: this.#line, text: await this.#restOfLine() };
        else if (first === 0x2d && (await this.#peek(1)) === 0x2d) yield await this.#comment();
        else if (first === 0x3b) this.#at += 1;
        else yield* this.#statement();
      }
    } finally {
      await this.#pieces.return?.();
    }
  }

  async #comment(): Promise<DumpPart> {
    const [line, at] = [this.#line, this.#readBytes - (this.#bytes.length - this.#at)];
    return { kind: 'comment', line, at, text: await this.#restOfLine() };
  }

  async *#statement(): AsyncGenerator<DumpPart> {
    const line = this.#line;
    const text = await this.#wholeStatement();
    const [, strings] = OLD_STRINGS.exec(text.slice(0, COMMENT_CHARS)) ?? [];
    if (strings) this.#backslashEscapes = strings.toLowerCase() === 'off';
    if (!COPY_IN.test(text.slice(0, COPY_CHARS))) {
      yield { kind: 'statement', line, text };
      return;
    }
    await this.#restOfLine();
    const rows = this.#rows();
    yield { kind: 'copy', line, text, rows };
    for await (const _ of rows);
  }

  async #wholeStatement(): Promise<string> {
    const scanner = new StatementScanner(this.#backslashEscapes);
    for (;;) {
      const given = this.#bytes.subarray(this.#at);
      const stop = scanner.scan(given, this.#isAll);
      if (stop === 'end') return this.#take(scanner.at);
      if (stop !== 'more') throw this.#strange(stop, given, scanner.at);
      if (this.#isAll) throw broken('it ends in the middle of a statement', this.#line);
      if (given.length > MAX_STATEMENT_BYTES)
        throw refused(
          `the statement there has more than ${MAX_STATEMENT_BYTES} bytes`,
          this.#line,
          'look at the file.',
        );
      await this.#more();
    }
  }

  #strange(stop: Stop, given: Buffer, at: number): Error {
    const line = this.#line + newLines(given.subarray(0, at));
    if (stop === 'nul') return broken('a byte 0 stands outside of any row', line);
    const end = given.indexOf(LF, at);
    return forbidden(
      given.toString('utf8', at, end === -1 ? at + COMMENT_CHARS : Math.min(end, at + COMMENT_CHARS)),
      line,
    );
  }

  /** Takes some bytes as text. */
  #take(length: number): string {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    const line = this.#line;
    this.#at += length;
    this.#line += newLines(bytes);
    if (bytes.includes(0)) throw broken('the statement there holds a byte 0', line);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw broken('the statement there is no text in UTF-8', line);
    }
  }

  /** The rows of a COPY as they stand, in pieces of any size, up to the line `\.` or the end of the dump. */
  async *#rows(): AsyncGenerator<Buffer> {
    // The end may stand where the first row would.
    while (!this.#isAll && this.#bytes.length - this.#at < 4) await this.#more();
    if (this.#endsAt(this.#at - 1)) return this.#passEnd(this.#at);
    for (;;) {
      let found = this.#bytes.indexOf(END_OF_ROWS, this.#at);
      while (found !== -1 && found + 5 <= this.#bytes.length && !this.#endsAt(found))
        found = this.#bytes.indexOf(END_OF_ROWS, found + 1);
      if (found !== -1 && (this.#isAll || found + 5 <= this.#bytes.length)) {
        const isEnd = this.#endsAt(found);
        yield this.#give((isEnd ? found + 1 : this.#bytes.length) - this.#at);
        return isEnd ? this.#passEnd(this.#at) : undefined;
      }
      const keep = this.#isAll ? 0 : found === -1 ? END_OF_ROWS.length : this.#bytes.length - found;
      const length = this.#bytes.length - this.#at - keep;
      if (length > 0) yield this.#give(length);
      if (this.#isAll) return;
      await this.#more();
    }
  }

  /** Whether behind the line break at that place stands `\.` and nothing else. */
  #endsAt(found: number): boolean {
    const [first, second, third, fourth] = this.#bytes.subarray(found + 1, found + 5);
    if (first !== 0x5c || second !== 0x2e) return false;
    return third === undefined || third === LF || (third === 13 && (fourth === undefined || fourth === LF));
  }

  #give(length: number): Buffer {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    this.#line += newLines(bytes);
    return bytes;
  }

  #passEnd(at: number): void {
    const end = this.#bytes.indexOf(LF, at);
    this.#at = end === -1 ? this.#bytes.length : end + 1;
    this.#line += 1;
  }

  /** The first byte that is no space; undefined at the end. */
  async #skipSpace(): Promise<number | undefined> {
    for (;;) {
      for (; this.#at < this.#bytes.length; this.#at += 1) {
        const byte = this.#bytes[this.#at] ?? 0;
        if (byte === LF) this.#line += 1;
        else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return byte;
      }
      if (this.#isAll) return undefined;
      await this.#more();
    }
  }

  async #peek(ahead: number): Promise<number | undefined> {
    while (!this.#isAll && this.#at + ahead >= this.#bytes.length) await this.#more();
    return this.#bytes[this.#at + ahead];
  }

  /** All up to the end of the line, of which no more is kept than anybody needs. */
  async #restOfLine(): Promise<string> {
    let text = '';
    for (;;) {
      const end = this.#bytes.indexOf(LF, this.#at);
      if (text.length < COMMENT_CHARS)
        text += this.#bytes.toString(
          'utf8',
          this.#at,
          Math.min(end === -1 ? this.#bytes.length : end, this.#at + COMMENT_CHARS * 4),
        );
      this.#at = end === -1 ? this.#bytes.length : end + 1;
      if (end !== -1) this.#line += 1;
      if (end !== -1 || this.#isAll) return text;
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#pieces.next();
    if (done) {
      this.#isAll = true;
      return;
    }
    this.#readBytes += value.length;
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = rest.length === 0 ? value : Buffer.concat([rest, value]);
    this.#at = 0;
  }
}

function newLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}
