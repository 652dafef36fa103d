import { oneLine } from '../text/one-line.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text on one line, safe in content and in quoted attributes. */
export function htmlText(text: string): string {
  return htmlLines(oneLine(text));
}

/** Text with its line breaks, safe in content; control characters must be gone already. */
export function htmlLines(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
