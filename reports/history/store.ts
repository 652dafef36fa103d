import type { HistoryEntry } from './entry.ts';
import type { RunSummary } from './run-summary.ts';
import type { StoredHistory } from './verify.ts';

/** Where a history is kept. Records are only ever added. */
export interface HistoryStore {
  /** For people: a file, or `s3://bucket/prefix`. */
  readonly location: string;
  read(): Promise<StoredHistory>;
  /** Reads the last records alone, where all of them would take longer with every run. */
  readEnd(): Promise<StoredHistory>;
  /** Adds a record, whoever else adds one at the same time. */
  append(summary: RunSummary): Promise<HistoryEntry>;
}
