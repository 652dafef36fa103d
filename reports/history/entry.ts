import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RunSummary } from './run-summary.ts';
import type { Signature, Signer } from './signature.ts';

/** What the first line says of the line before it. */
export const BEGINNING = '0'.repeat(64);

/** Bytes between two lines that a killed writer left behind, as the next writer found them. */
export interface TornBytes {
  readonly bytes: number;
  readonly sha256: string;
}

/** One line of the history. */
export interface HistoryEntry extends RunSummary {
  readonly schemaVersion: 1;
  readonly seq: number;
  /** The hash of the line before. */
  readonly previous: string;
  readonly torn?: TornBytes;
  /** SHA-256 of this line without `hash` and `signature`. */
  readonly hash: string;
  readonly signature?: Signature;
}

/** What the next line is chained to. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

const seconds = z.number().nullable();
const measured = { seconds, objectiveSeconds: seconds };
const phases = z.record(z.string(), seconds);
const verdict = z.enum(['pass', 'fail', 'unknown']);
const count = z.number().int().nonnegative();
const moment = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Later versions may say more; what this one reads must be there. */
const entrySchema = z.looseObject({
  drill: z.string(),
  run: z.looseObject({
    id: z.string(),
    startedAt: moment,
    endedAt: moment,
    seconds,
    folder: z.string(),
  }),
  substrate: z.string(),
  disaster: z.string(),
  workload: z.looseObject({ name: z.string(), version: z.string() }),
  outcome: z.enum(['pass', 'fail', 'unknown', 'harness', 'interrupted', 'usage']),
  verdict,
  checks: z.looseObject({ pass: count, fail: count, unknown: count }),
  red: z.array(z.string()),
  rto: z.looseObject({ ...measured, phases, components: z.record(z.string(), z.looseObject({ ...measured, phases })) }),
  rpo: z.looseObject({ ...measured, components: z.record(z.string(), z.looseObject(measured)) }),
  assetsVerified: z.number().nullable(),
  notTested: count,
  partial: z.boolean(),
  counts: z.record(z.string(), z.number()),
  backups: z.array(z.looseObject({ component: z.string(), path: z.string(), id: z.string(), endedAt: z.string() })),
  rehearsedVersion: z.string().optional(),
  namedVersion: z.string().optional(),
  resultSha256: sha256.nullable(),
  schemaVersion: z.literal(1),
  seq: count.min(1),
  previous: sha256,
  torn: z.strictObject({ bytes: count, sha256 }).optional(),
  hash: sha256,
  signature: z.strictObject({ key: z.string(), value: z.string() }).optional(),
});

/** Makes the line that follows the link. */
export function sealEntry(summary: RunSummary, after: Link, torn: TornBytes | undefined, signer?: Signer): string {
  const open = { ...summary, schemaVersion: 1, seq: after.seq + 1, previous: after.hash, ...(torn && { torn }) };
  // Read back, so that what is hashed is what a reader will see: JSON has no undefined, and orders keys that are numbers.
  const hash = hashOf(JSON.parse(JSON.stringify(open)) as object);
  return JSON.stringify({ ...open, hash, ...(signer && { signature: signer.sign(hash) }) });
}

/** Reads a line; undefined when it is not one of ours, letter for letter. */
export function readEntry(line: string): HistoryEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!entrySchema.safeParse(value).success || JSON.stringify(value) !== line) return undefined;
  return value as HistoryEntry;
}

/** Whether the line says what it said when it was written. */
export function isSealed(entry: HistoryEntry): boolean {
  const { hash, signature: _, ...open } = entry;
  return hashOf(open) === hash;
}

/** The SHA-256 of a text, in hex. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hashOf(open: object): string {
  return sha256Of(JSON.stringify(open));
}
