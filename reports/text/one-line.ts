import { stripVTControlCharacters } from 'node:util';

// Control characters, those that turn the direction of the text around them, and those that nobody sees; what joins letters
// and pictures stays.
const INVISIBLE =
  /[\p{Cc}\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E007F}]+/gu;
const TEXT_LONGEST = 600;

/** One line of plain text: no colours, no control characters, no longer than a person reads. */
export function oneLine(text: string, longest = TEXT_LONGEST): string {
  const clean = stripVTControlCharacters(text).toWellFormed().replace(INVISIBLE, ' ').replace(/\s+/g, ' ').trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1).toWellFormed()}…` : clean;
}

/** Many lines of plain text: as they are, but without colours and control characters, and only the end of what is long. */
export function plainLines(text: string, longest: number): string {
  const clean = stripVTControlCharacters(text).toWellFormed();
  const end = clean.length > longest ? `…${clean.slice(-longest).toWellFormed()}` : clean;
  return end
    .split(/\r?\n/)
    .map((line) => line.replace(INVISIBLE, ' '))
    .join('\n')
    .trimEnd();
}
