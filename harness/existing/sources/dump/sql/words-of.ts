/** A word of a statement: keywords and bare names in small letters, quoted names as they are. */
export interface Word {
  readonly text: string;
  /** It stood in double quotes: no keyword. */
  readonly isQuoted: boolean;
  /** Where it ends in the statement. */
  readonly end: number;
}

const TOKEN =
  /\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)|'(?:[^']|'')*'|([\s\S])/gu;

/** The first words of a statement, punctuation among them; strings and comments are left out. */
export function wordsOf(statement: string, most: number): Word[] {
  const words: Word[] = [];
  for (const match of statement.matchAll(TOKEN)) {
    const [, quoted, bare, other] = match;
    const text = quoted?.replaceAll('""', '"') ?? bare?.toLowerCase() ?? other;
    if (text === undefined) continue;
    words.push({ text, isQuoted: quoted !== undefined, end: match.index + match[0].length });
    if (words.length >= most) return words;
  }
  return words;
}

/** Words as they can be looked at together: quoted names are `""`, so that none is taken for a keyword. */
export function shapeOf(words: readonly Word[]): string {
  return words.map(({ text, isQuoted }) => (isQuoted ? '""' : text)).join(' ');
}
