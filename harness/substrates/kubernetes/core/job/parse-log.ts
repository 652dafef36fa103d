import { createHash } from 'node:crypto';
import { MARK } from './wrapper.ts';

/** What a step has left in the log of its container. */
export interface StepLog {
  /** What the program wrote for people, as far as the log still has it. */
  readonly lines: readonly string[];
  /** The end of its standard output; empty when that went to a file. */
  readonly stdout: string;
  /** Undefined when the program was ended before it could tell. */
  readonly exitCode: number | undefined;
  readonly seconds: number | undefined;
  /** Why the log is not to be trusted: the beginning or the end is missing, or the output is not what it was. */
  readonly cut: string | undefined;
}

/** Takes one step out of the log of its container, which may hold several. */
export function parseStepLog(text: string, n: number): StepLog {
  const all = text.split('\n');
  const begin = marked(all, 'begin', n);
  const output = marked(all, 'stdout', n);
  const end = marked(all, 'end', n);
  const until = [output.at, end.at, all.findIndex((line, i) => i > begin.at && isMark(line)), all.length];
  const shownUntil = until.find((at) => at !== -1) ?? all.length;
  // Where its first line is lost, what is left of it begins behind the step before.
  const shownFrom = begin.at === -1 ? all.findLastIndex((line, i) => i < shownUntil && isMark(line)) : begin.at;
  const lines = all.slice(shownFrom + 1, shownUntil);
  // The wrapper's line break before its own lines, and what follows the last one of a log that has no other end.
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  const encoded = output.at === -1 ? '' : all.slice(output.at + 1, end.at === -1 ? undefined : end.at).join('');
  const stdout = Buffer.from(encoded, 'base64');
  const [startedAt] = begin.words;
  const [endedAt, code] = end.words;
  return {
    lines,
    stdout: stdout.toString('utf8'),
    exitCode: code === undefined ? undefined : Number(code),
    seconds: startedAt && endedAt ? Number(endedAt) - Number(startedAt) : undefined,
    cut: whyCut(begin.at, end.at, output.words[1], stdout),
  };
}

function whyCut(begin: number, end: number, sha256: string | undefined, stdout: Buffer): string | undefined {
  if (end === -1) return 'its last line is missing';
  if (sha256 !== undefined && createHash('sha256').update(stdout).digest('hex') !== sha256)
    return 'the standard output is not what the program wrote';
  if (begin === -1) return 'its beginning is missing';
  return undefined;
}

function marked(lines: readonly string[], word: string, n: number): { at: number; words: string[] } {
  const at = lines.findLastIndex((line) => line.startsWith(`${MARK}${word} ${n} `));
  return { at, words: (lines[at] ?? '').split(' ').slice(2) };
}

function isMark(line: string): boolean {
  return line.startsWith(MARK);
}
