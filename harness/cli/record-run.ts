import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { summaryOf } from '../../reports/history/run-summary.ts';
import { verifyHistory } from '../../reports/history/verify.ts';
import { changeOfVerdict } from '../../reports/notify/change.ts';
import { notify } from '../../reports/notify/notify.ts';
import type { RunResult } from '../model/result.ts';
import { openHistory } from './open-history.ts';

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
    const { entries, state, problems } = verifyHistory(await store.read());
    const tampered = problems.map(({ line, what }) => `[history] ${store.location}${line ? `:${line}` : ''}: ${what}`);
    const change = changeOfVerdict(entries, entry);
    const untold = change ? await notify(change, process.env) : [];
    return [...(state === 'tampered' ? tampered : []), ...untold];
  } catch (error) {
    return [
      `[history] the run could not be added to the history: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
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
