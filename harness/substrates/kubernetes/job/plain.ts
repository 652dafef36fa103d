/** What a terminal, or whoever reads a log, takes for a command: control characters but for tab and line break, and marks that turn text round. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
const COMMANDS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Where Postgres shows the row that it stumbled over. */
const ROW = /^(.*CONTEXT: {2}COPY .*?, line \d+)(?:[:,].*)$/s;

/** Text that came out of a backup, with nothing in it that a terminal obeys. */
export function plain(text: string): string {
  return text.replaceAll(COMMANDS, '\uFFFD');
}

/** A line of what Postgres says, without the row of the backup in it. */
export function withoutRow(line: string): string {
  return ROW.exec(line)?.[1] ?? line;
}
