import { htmlText } from '../html/escape.ts';
import { STYLE } from '../html/style.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const WORDS: Readonly<Record<number, string>> = { 0: 'PASS', 1: 'FAIL', 2: 'UNKNOWN' };
const MARKS: Readonly<Record<string, string>> = { PASS: '✅', FAIL: '❌', UNKNOWN: '❓' };

/** What a page of sabotage says first. */
export interface PageHead {
  readonly title: string;
  readonly exitCode: number;
  readonly sentence: string;
  /** What kept it from being measured; empty when nothing did. */
  readonly trouble?: string;
}

/** The word of three that an exit code comes to: what could not be told is no failure. */
export function wordOf(exitCode: number): string {
  return WORDS[exitCode] ?? 'UNKNOWN';
}

/** The word with its mark, for pages of text. */
export function markedWord(exitCode: number): string {
  const word = wordOf(exitCode);
  return `${MARKS[word]} ${word}`;
}

/** A page of its own that loads nothing from outside. */
export function sabotagePage(
  { title, exitCode, sentence, trouble = '' }: PageHead,
  sections: readonly string[],
): string {
  const word = wordOf(exitCode);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="icon" href="data:,">
<title>${word}: ${htmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header class="verdict${word === 'PASS' ? ' good' : word === 'FAIL' ? ' bad' : ''}">
<h1>${htmlText(title)}</h1>
<p class="word">${word}</p>
<p class="sentence">${htmlText(sentence)}</p>
${trouble === '' ? '' : `<p>${htmlText(trouble)}</p>`}
</header>
${sections.join('\n')}
</main>
</body>
</html>
`;
}
