import { stripVTControlCharacters } from 'node:util';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
// What terminals draw two cells wide: East Asian letters and pictures.
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]|.\uFE0F)/u;

/** How many cells of a terminal a text takes; colours take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(stripVTControlCharacters(text))) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Cuts a text without colours to so many cells, with `…` at the end of what was cut. */
export function cutTo(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let cut = '';
  let width = 1;
  for (const { segment } of GRAPHEMES.segment(text)) {
    width += displayWidth(segment);
    if (width > cells) break;
    cut += segment;
  }
  return cells > 0 ? `${cut.trimEnd()}…` : '';
}

/** Fills a text up to so many cells. */
export function padTo(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, cells - displayWidth(text)));
  return align === 'left' ? text + fill : fill + text;
}

/** Breaks a text without colours into lines of at most so many cells; a longer word keeps a line of its own. */
export function wrapTo(text: string, cells: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= cells)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Lines of aligned columns, two cells apart; the columns named are aligned right. */
export function alignColumns(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((row) => displayWidth(row[index] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, index) => padTo(cell, widths[index] ?? 0, right.has(index) ? 'right' : 'left'))
      .join('  ')
      .trimEnd(),
  );
}
