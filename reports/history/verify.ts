import type { KeyObject } from 'node:crypto';
import { BEGINNING, type HistoryEntry, isSealed, type Link, readEntry, sha256Of, type TornBytes } from './entry.ts';
import { isSignedBy } from './signature.ts';

/** A thing in the history that no writer of ours leaves behind. */
export interface HistoryProblem {
  /** Counted from 1; 0 when it is no line at all. */
  readonly line: number;
  readonly what: string;
}

/** What a writer that was killed has left: the record of a run whose end is not known. */
export interface TornLine extends TornBytes {
  /** The number of the last record before it. */
  readonly after: number;
  /** Whose run it was, where the beginning that is left tells. */
  readonly drill: string | null;
}

/** The history as it was read and checked. Only `whole` and `empty` are to be relied on without a second look. */
export interface VerifiedHistory {
  readonly location: string;
  readonly entries: readonly HistoryEntry[];
  /** `torn` when the last record was cut; torn lines that a later record accounts for leave it whole. */
  readonly state: 'whole' | 'empty' | 'torn' | 'tampered';
  readonly problems: readonly HistoryProblem[];
  readonly torn: readonly TornLine[];
  /** How many records have a signature, and whether it was compared with a key. */
  readonly signed: { readonly entries: number; readonly verified: boolean };
}

/** What a store holds. */
export interface StoredHistory {
  readonly location: string;
  readonly text: string;
  /** The last record as it was written down beside the history, so that an end that was cut off shows. */
  readonly head: Link | undefined;
  /** What the first line follows, where only the end of the history was read. */
  readonly after?: Link;
}

/** The last record that was seen, kept where whoever deletes the history does not look. */
export interface Anchor extends Link {
  /** For people: where it is kept. */
  readonly keptIn: string;
}

/** Reads the history and checks every link of its chain, its end and, where there are keys, its signatures. */
export function verifyHistory(
  { location, text, head, after }: StoredHistory,
  keys: readonly KeyObject[] = [],
  anchor?: Anchor,
): VerifiedHistory {
  const { entries, problems, torn, pending } = readChain(text, after);
  problems.push(
    ...headProblems(entries, head),
    ...anchorProblems(entries, anchor),
    ...signatureProblems(entries, keys),
  );
  const state = problems.length > 0 ? 'tampered' : pending ? 'torn' : entries.length === 0 ? 'empty' : 'whole';
  const signed = entries.filter(({ signature }) => signature).length;
  return { location, entries, state, problems, torn, signed: { entries: signed, verified: keys.length > 0 } };
}

/** What the next record is chained to, and what it has to account for. */
export function endOf(text: string): { link: Link; torn: TornBytes | undefined; needsNewline: boolean } {
  const { entries, pending } = readChain(text);
  const last = entries.at(-1);
  return {
    link: { seq: last?.seq ?? 0, hash: last?.hash ?? BEGINNING },
    torn: pending && { bytes: pending.bytes, sha256: pending.sha256 },
    needsNewline: text !== '' && !text.endsWith('\n'),
  };
}

/** Whether the chain still holds the record that the head names. */
export function holdsHead(entries: readonly HistoryEntry[], head: Link | undefined): boolean {
  if (!head) return entries.length <= 1;
  return head.seq === 0 || entries.some(({ seq, hash }) => seq === head.seq && hash === head.hash);
}

function readChain(text: string, after?: Link) {
  const entries: HistoryEntry[] = [];
  const problems: HistoryProblem[] = [];
  const torn: TornLine[] = [];
  let rubble: string[] = [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) {
    const entry = readEntry(line);
    if (!entry) {
      if (isJson(line)) problems.push({ line: index + 1, what: 'it is no record of this program, or was changed' });
      rubble.push(line);
      continue;
    }
    const left = rubble.length > 0 ? tornLine(rubble, entries.at(-1)) : undefined;
    problems.push(...linkProblems(entry, entries.at(-1) ?? after, left).map((what) => ({ line: index + 1, what })));
    if (left) torn.push(left);
    rubble = [];
    entries.push(entry);
  }
  const pending = rubble.length > 0 ? tornLine(rubble, entries.at(-1)) : undefined;
  return { entries, problems, torn: pending ? [...torn, pending] : torn, pending };
}

function linkProblems(entry: HistoryEntry, before: Link | undefined, left: TornLine | undefined): string[] {
  const problems: string[] = [];
  if (!isSealed(entry)) problems.push(`record ${entry.seq} was changed after it was written`);
  const expected = (before?.seq ?? 0) + 1;
  if (entry.seq !== expected) problems.push(`record ${expected} is missing before record ${entry.seq}`);
  else if (entry.previous !== (before?.hash ?? BEGINNING))
    problems.push(`record ${entry.seq} follows another record than the one that stands before it`);
  if (entry.torn?.sha256 !== left?.sha256)
    problems.push(
      left
        ? `before record ${entry.seq} lie ${left.bytes} bytes that it does not account for`
        : `the torn bytes that record ${entry.seq} accounts for are gone`,
    );
  return problems;
}

function headProblems(entries: readonly HistoryEntry[], head: Link | undefined): HistoryProblem[] {
  if (holdsHead(entries, head)) return [];
  const what = head
    ? `record ${head.seq} was written and is not there as it was: the end was cut off or changed`
    : 'the head of the history is missing: that its end was not cut off cannot be shown';
  return [{ line: 0, what }];
}

/** Head and history may have gone together: what was seen before is known elsewhere. */
function anchorProblems(entries: readonly HistoryEntry[], anchor: Anchor | undefined): HistoryProblem[] {
  if (!anchor || entries.some(({ seq, hash }) => seq === anchor.seq && hash === anchor.hash)) return [];
  if (anchor.hash === '') return [{ line: 0, what: `the anchor in ${anchor.keptIn} cannot be read: it was changed` }];
  const known = `the anchor knows ${anchor.seq} runs up to ${anchor.hash}; if that was meant, remove ${anchor.keptIn}`;
  const gone = entries.length === 0 ? 'the history is gone' : 'the history is not the one that was here';
  return [{ line: 0, what: `${gone}: ${known}` }];
}

/** A signature vouches for all lines before it, so only those after the last one are nobody's. */
function signatureProblems(entries: readonly HistoryEntry[], keys: readonly KeyObject[]): HistoryProblem[] {
  if (keys.length === 0 || entries.length === 0) return [];
  const problems = entries.flatMap(({ seq, hash, signature }, index) =>
    signature && !isSignedBy(keys, hash, signature)
      ? [{ line: index + 1, what: `the signature of record ${seq} was not made with a key that was given` }]
      : [],
  );
  const unsigned = entries.length - 1 - entries.findLastIndex(({ signature }) => signature);
  if (unsigned > 0)
    problems.push({ line: 0, what: `the last ${unsigned} of ${entries.length} records are not signed` });
  return problems;
}

function tornLine(rubble: readonly string[], before: HistoryEntry | undefined): TornLine {
  const text = rubble.join('\n');
  const drills = rubble.map((line) => /^\{"drill":("(?:[^"\\]|\\.)*"),/.exec(line)?.[1]);
  const [drill] = drills;
  const known = drill !== undefined && drills.every((one) => one === drill);
  return {
    after: before?.seq ?? 0,
    bytes: Buffer.byteLength(text),
    sha256: sha256Of(text),
    drill: known ? (JSON.parse(drill) as string) : null,
  };
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
