/** Bytes with a meaning of their own outside of quotes. */
const [NUL, LF, QUOTE, DOUBLE, DOLLAR, OPEN, CLOSE, STAR, DASH, SLASH, SEMICOLON, BACKSLASH] = [
  ...[0, 10, 0x27, 0x22, 0x24, 0x28, 0x29, 0x2a, 0x2d, 0x2f, 0x3b, 0x5c],
] as const;

/** Where a scan stopped: behind a `;`, at a backslash or a NUL outside of quotes, or for want of more bytes. */
export type Stop = 'end' | 'backslash' | 'nul' | 'more';

/** What the scanner is inside of. */
type Inside = 'nothing' | 'line' | 'block' | 'quote' | 'escaped' | 'double' | 'dollar';

/** Letters, digits, `_`, `$` and every byte of a character that is not ASCII: what a name may go on with. */
const WORD = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x80 || /[\w$]/.test(String.fromCharCode(byte))),
);
/** Bytes that nothing happens at. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(
    ![NUL, QUOTE, DOUBLE, DOLLAR, OPEN, CLOSE, DASH, SLASH, SEMICOLON, BACKSLASH].includes(byte as never) &&
      !WORD[byte],
  ),
);
const TAG = /^\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$/;
const MAX_TAG_BYTES = 65;
const FUNCTION = /^create (?:or replace )?(?:function|procedure)$/;

/**
 * Finds the end of one statement as psql does: quotes of every kind, nested comments, parentheses, and bodies between
 * `BEGIN ATOMIC` and `END`. It can go on where it stopped once there are more bytes.
 */
export class StatementScanner {
  /** Where it is in the bytes that it was given last, counted from the beginning of the statement. */
  at = 0;
  readonly #backslashEscapes: boolean;
  #inside: Inside = 'nothing';
  #blocks = 0;
  #tag = '';
  #parens = 0;
  #begun = 0;
  #words: string[] = [];

  constructor(backslashEscapes: boolean) {
    this.#backslashEscapes = backslashEscapes;
  }

  /** Scans on; with `isAll` the bytes are the last that there are. */
  scan(bytes: Buffer, isAll: boolean): Stop {
    for (;;) {
      const stop = this.#inside === 'nothing' ? this.#scanOutside(bytes, isAll) : this.#leave(bytes, isAll);
      if (stop) return stop;
    }
  }

  #scanOutside(bytes: Buffer, isAll: boolean): Stop | undefined {
    while (this.at < bytes.length) {
      const byte = bytes[this.at] ?? 0;
      if (PLAIN[byte]) this.at += 1;
      else if (byte === NUL) return 'nul';
      else if (byte === BACKSLASH) return 'backslash';
      else if (byte === SEMICOLON) {
        this.at += 1;
        if (this.#parens === 0 && this.#begun === 0) return 'end';
      } else if (byte === OPEN || byte === CLOSE) {
        this.#parens = Math.max(0, this.#parens + (byte === OPEN ? 1 : -1));
        this.at += 1;
      } else {
        const entered = this.#enter(bytes, byte, isAll);
        if (entered === 'more') return 'more';
        if (this.#inside !== 'nothing') return undefined;
      }
    }
    return 'more';
  }

  /** Whatever begins with more than one byte; the whole beginning must be there. */
  #enter(bytes: Buffer, byte: number, isAll: boolean): 'more' | undefined {
    const next = bytes[this.at + 1];
    if (byte === QUOTE) this.#go('quote', 1);
    else if (byte === DOUBLE) this.#go('double', 1);
    else if (byte === DOLLAR) return this.#enterDollar(bytes, isAll);
    else if (byte === DASH || byte === SLASH) {
      if (next === undefined && !isAll) return 'more';
      if (byte === DASH && next === DASH) this.#go('line', 2);
      else if (byte === SLASH && next === STAR) {
        this.#blocks = 1;
        this.#go('block', 2);
      } else this.at += 1;
    } else return this.#word(bytes, isAll);
    if (this.#inside === 'quote' && this.#backslashEscapes) this.#inside = 'escaped';
    return undefined;
  }

  #go(inside: Inside, bytes: number): void {
    this.#inside = inside;
    this.at += bytes;
  }

  #enterDollar(bytes: Buffer, isAll: boolean): 'more' | undefined {
    const text = bytes.toString('latin1', this.at, this.at + MAX_TAG_BYTES);
    const [tag] = TAG.exec(text) ?? [];
    if (!tag && text.length < MAX_TAG_BYTES && !isAll && /^\$[\w\x80-\xff]*$/.test(text)) return 'more';
    if (!tag) {
      this.at += 1;
      return undefined;
    }
    this.#tag = tag;
    this.#go('dollar', tag.length);
    return undefined;
  }

  /** A word: `E'` opens a string with escapes, and words tell where the body of a function is. */
  #word(bytes: Buffer, isAll: boolean): 'more' | undefined {
    let end = this.at;
    while (end < bytes.length && WORD[bytes[end] ?? 0]) end += 1;
    if (end === bytes.length && !isAll) return 'more';
    const length = end - this.at;
    if (length === 1 && bytes[end] === QUOTE && (bytes[this.at] === 0x45 || bytes[this.at] === 0x65)) {
      this.#go('escaped', 2);
      return undefined;
    }
    this.at = end;
    if (length <= 10) this.#noteWord(bytes.toString('latin1', end - length, end).toLowerCase());
    else if (this.#words.length < 4) this.#words.push('');
    return undefined;
  }

  #noteWord(word: string): void {
    if (this.#words.length < 4) this.#words.push(word);
    if (this.#parens > 0 || !(word === 'begin' || word === 'case' || word === 'end')) return;
    const [first, second, third, fourth] = this.#words;
    const head = second === 'or' ? [first, second, third, fourth] : [first, second];
    if (!FUNCTION.test(head.join(' '))) return;
    if (word === 'begin' || (word === 'case' && this.#begun > 0)) this.#begun += 1;
    else if (word === 'end' && this.#begun > 0) this.#begun -= 1;
  }

  /** Looks for the end of what it is inside of. */
  #leave(bytes: Buffer, isAll: boolean): Stop | undefined {
    switch (this.#inside) {
      case 'line':
        return this.#leaveAt(bytes, bytes.indexOf(LF, this.at), 1, 0);
      case 'quote':
        return this.#leaveAt(bytes, bytes.indexOf(QUOTE, this.at), 1, 0);
      case 'double':
        return this.#leaveAt(bytes, bytes.indexOf(DOUBLE, this.at), 1, 0);
      case 'dollar':
        return this.#leaveAt(bytes, bytes.indexOf(this.#tag, this.at, 'latin1'), this.#tag.length, this.#tag.length);
      case 'escaped':
        return this.#leaveEscaped(bytes);
      default:
        return this.#leaveBlock(bytes, isAll);
    }
  }

  /** A quote within quotes is doubled: it ends the first string and begins another, which comes to the same. */
  #leaveAt(bytes: Buffer, found: number, length: number, keep: number): Stop | undefined {
    if (found === -1) {
      this.at = Math.max(this.at, bytes.length - keep);
      return 'more';
    }
    this.#inside = 'nothing';
    this.at = found + length;
    return undefined;
  }

  #leaveEscaped(bytes: Buffer): Stop | undefined {
    while (this.at < bytes.length) {
      const byte = bytes[this.at];
      if (byte === BACKSLASH) {
        if (this.at + 1 >= bytes.length) return 'more';
        this.at += 2;
      } else if (byte === QUOTE) {
        // A doubled quote goes on with the same kind of string.
        if (this.at + 1 >= bytes.length) return 'more';
        if (bytes[this.at + 1] === QUOTE) this.at += 2;
        else return this.#leaveAt(bytes, this.at, 1, 0);
      } else this.at += 1;
    }
    return 'more';
  }

  #leaveBlock(bytes: Buffer, isAll: boolean): Stop | undefined {
    while (this.at < bytes.length) {
      const [byte, next] = [bytes[this.at], bytes[this.at + 1]];
      if ((byte === SLASH || byte === STAR) && next === undefined && !isAll) return 'more';
      if (byte === SLASH && next === STAR) this.#blocks += 1;
      else if (byte === STAR && next === SLASH) this.#blocks -= 1;
      else {
        this.at += 1;
        continue;
      }
      this.at += 2;
      if (this.#blocks > 0) continue;
      this.#inside = 'nothing';
      return undefined;
    }
    return 'more';
  }
}
