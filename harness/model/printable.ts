/** Control characters but tab and newline, and the marks that turn the direction of text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text whose control characters and escape sequences can be seen and do nothing: what programs say is not trusted. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
