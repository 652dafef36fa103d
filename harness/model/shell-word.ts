const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*$/;
/** What a terminal obeys, what turns or hides the text around it, and what is half of a character. */
// A line break is left as it is, since what a shell takes from a command ends before the last of them.
const UNPRINTABLE = /(?:(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}])+/gu;

/** A word of a script that means exactly these characters to any POSIX shell. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A word of a command that is printed for somebody to paste: what any POSIX shell makes of it is exactly these characters,
 * and no terminal and no reader is led astray by them, since `printf` makes those that cannot be seen.
 */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  const parts: string[] = [];
  let end = 0;
  for (const { 0: run, index } of text.matchAll(UNPRINTABLE)) {
    if (index > end) parts.push(quoted(text.slice(end, index)));
    parts.push(`"$(printf '${octal(run)}')"`);
    end = index + run.length;
  }
  if (end < text.length || text === '') parts.push(quoted(text.slice(end)));
  return parts.join('');
}

/** Whether a shell takes it for the name of a variable; what is none could be a command. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$(?!\n)/.test(name);
}

function octal(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
