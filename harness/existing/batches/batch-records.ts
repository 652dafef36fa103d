import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JournalLine } from '../../engine/journal.ts';
import type { Failure } from '../../model/result.ts';
import { digestOf } from './evidence-file.ts';

/** The events under which the journal keeps what a run that is cut short can be gone on with. */
export const LISTED = 'listed';
export const ROWS = 'rows-digested';
export const BATCH = 'batch';
export const JOINED = 'batches-joined';

/** A batch that was restored, hashed and dropped; its evidence was on the disk before this was written. */
export interface BatchRecord {
  readonly number: number;
  /** How many files of the list it was for, and how many of them came back. */
  readonly listed: number;
  readonly files: number;
  readonly last: string;
  /** Where its evidence is, relative to the run folder, and the digest of that file. */
  readonly file: string;
  readonly sha256: string;
  /** What the tool said when not all of it could be restored. */
  readonly failure?: Failure;
}

/** What a run wrote down of one of those events; the last one counts. */
export function noted<Facts>(journal: readonly JournalLine[], event: string): Facts | undefined {
  return journal.findLast((line) => line.event === event) as Facts | undefined;
}

/** The batches of an earlier run whose evidence is there, byte for byte, from the first without a gap. */
export async function finishedBatches(folder: string, journal: readonly JournalLine[]): Promise<BatchRecord[]> {
  const joined = noted<BatchRecord>(journal, JOINED);
  const records = journal.filter(({ event }) => event === BATCH) as unknown as BatchRecord[];
  const finished: BatchRecord[] = [];
  for (const record of joined && (await isWhole(folder, joined)) ? [joined] : records) {
    if (!(await isWhole(folder, record))) break;
    finished.push({ ...record, number: finished.length + 1 });
  }
  return finished;
}

async function isWhole(folder: string, { file, files, sha256 }: BatchRecord): Promise<boolean> {
  const path = join(folder, file);
  if (!existsSync(path)) return false;
  const found = await digestOf(path);
  return found.sha256 === sha256 && found.lines === files;
}

/** Copies the evidence of a batch into the folder of the run that goes on. */
export async function takeOver(record: BatchRecord, from: string, into: string, file: string): Promise<BatchRecord> {
  await mkdir(dirname(join(into, file)), { recursive: true });
  await copyFile(join(from, record.file), join(into, file));
  const { number, listed, files, last, sha256, failure } = record;
  return { number, listed, files, last, file, sha256, ...(failure && { failure }) };
}
