import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts a text without colours to so many cells, with `…` at the end of what was cut. */
export function cutTo(text: string, cells: number): string {
  if (stringWidth(text) <= cells) return text;
  let cut = '';
  let width = 1;
  for (const { segment } of GRAPHEMES.segment(text)) {
    width += stringWidth(segment);
    if (width > cells) break;
    cut += segment;
  }
  return cells > 0 ? `${cut.trimEnd()}…` : '';
}

/** Fills a text up to so many cells. */
export function padTo(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, cells - stringWidth(text)));
  return align === 'left' ? text + fill : fill + text;
}

/** Breaks a text into lines of at most so many cells; a longer word keeps a line of its own. */
export function wrapTo(text: string, cells: number): string[] {
  return wrapAnsi(text, cells).split('\n');
}

/** Lines of aligned columns, two cells apart; the columns named are aligned right. */
export function alignColumns(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((row) => stringWidth(row[index] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, index) => padTo(cell, widths[index] ?? 0, right.has(index) ? 'right' : 'left'))
      .join('  ')
      .trimEnd(),
  );
}
