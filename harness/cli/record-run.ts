import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../reports/files/write-atomically.ts';
import { readAnchor, writeAnchor } from '../../reports/history/anchor.ts';
import type { HistoryEntry } from '../../reports/history/entry.ts';
import { summaryOf } from '../../reports/history/run-summary.ts';
import type { HistoryStore } from '../../reports/history/store.ts';
import { type Anchor, verifyHistory } from '../../reports/history/verify.ts';
import { changeOfVerdict } from '../../reports/notify/change.ts';
import { notify } from '../../reports/notify/notify.ts';
import type { RunResult } from '../model/result.ts';
import { anchorsOf, historyName, openHistory } from './open-history.ts';

const HISTORY_FILE = 'history-record.json';

/** What the history has to know beside the result. */
export interface RecordOptions {
  readonly partial?: boolean;
  readonly history?: string;
}

/** Adds the run to the history and tells of a change of verdict; gives what went wrong, one line each. */
export async function recordRun(result: RunResult, { partial = false, history }: RecordOptions): Promise<string[]> {
  try {
    const store = await openHistory(history);
    const summary = summaryOf(result, { partial, resultSha256: await resultSha256(result.run.folder) });
    const entry = await store.append(summary);
    const anchors = anchorsOf();
    const name = historyName(store.location);
    const anchor = readAnchor(anchors, name);
    const { entries, state, problems } = await checked(store, entry, anchor);
    // One that the history contradicts stays: it is the proof.
    const unkept = await problemsOf(async () => {
      if (state !== 'tampered') await writeAnchor(anchors, name, entry);
      await writeAtomically(join(result.run.folder, HISTORY_FILE), renderRecord(store.location, entry));
    });
    const tampered = problems.map(({ line, what }) => `[history] ${store.location}${line ? `:${line}` : ''}: ${what}`);
    const change = changeOfVerdict(entries, entry);
    const untold = change ? await notify(change, process.env) : [];
    return [...(state === 'tampered' ? tampered : []), ...unkept, ...untold];
  } catch (error) {
    return [
      `[history] the run could not be added to the history: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}

/** The end of the history is enough as long as it says what the drill came to before, and holds what the anchor knows. */
async function checked(
  store: HistoryStore,
  entry: HistoryEntry,
  anchor: Anchor | undefined,
): Promise<ReturnType<typeof verifyHistory>> {
  const end = await store.readEnd();
  const verified = verifyHistory(end, [], anchor);
  const isEnough =
    verified.state !== 'tampered' &&
    verified.entries.some(({ drill, seq, partial }) => drill === entry.drill && seq < entry.seq && !partial);
  return end.after === undefined || isEnough ? verified : verifyHistory(await store.read(), [], anchor);
}

/** What cannot be kept beside the history holds up nobody who is to be told. */
async function problemsOf(keep: () => Promise<void>): Promise<string[]> {
  try {
    await keep();
    return [];
  } catch (error) {
    return [`[history] the last record could not be noted elsewhere: ${(error as Error).message}`];
  }
}

/** The record of a run, in its own folder: who has that knows that there was one. */
function renderRecord(location: string, { seq, hash, previous }: HistoryEntry): string {
  return `${JSON.stringify({ location, seq, hash, previous }, null, 2)}\n`;
}

async function resultSha256(folder: string): Promise<string | null> {
  try {
    return createHash('sha256')
      .update(await readFile(join(folder, 'result.json')))
      .digest('hex');
  } catch {
    return null;
  }
}
