import { oneLine, plainLines } from '../text/one-line.ts';

const BLOCK_LONGEST = 4000;

/** Text as Markdown that renders as that text, on one line. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~$#]/g, '\\$&');
}

/** A literal, such as a path, as a code span that is safe in a table too. */
export function markdownCode(text: string): string {
  const line = oneLine(text);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${line.replaceAll('|', '\\|')}${padding}${fence}`;
}

/** Lines as a fenced block that the lines themselves cannot end. */
export function markdownBlock(text: string): string {
  const clean = plainLines(text, BLOCK_LONGEST);
  const fence = '`'.repeat(Math.max(3, longestRun(clean) + 1));
  return `${fence}text\n${clean}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
