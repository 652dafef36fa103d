import { readFile } from 'node:fs/promises';
import { writeAtomically } from '../files/write-atomically.ts';

/** One run in the history, as Allure writes it; the rest of the line is Allure's own. */
export interface HistoryEntry {
  /** The id of the run. */
  readonly name: string;
  /** When the run began, in milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Reads a history, oldest run first; a line that is cut or no entry is left out. */
export async function readHistory(path: string): Promise<HistoryEntry[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .flatMap(parseEntry)
    .sort((left, right) => left.timestamp - right.timestamp);
}

/** Writes a history, oldest run first, each run once: a later entry replaces an earlier one of the same run. */
export async function writeHistory(path: string, entries: readonly HistoryEntry[]): Promise<void> {
  const once = [...new Map(entries.map((entry) => [entry.name, entry])).values()];
  once.sort((left, right) => left.timestamp - right.timestamp);
  await writeAtomically(path, once.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

function parseEntry(line: string): HistoryEntry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? [entry] : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'timestamp' in value &&
    typeof value.timestamp === 'number' &&
    'testResults' in value
  );
}
