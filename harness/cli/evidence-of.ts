import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { EvidenceRow, EvidenceState } from '../../reports/compliance/compliance.ts';
import type { HistoryEntry } from '../../reports/history/entry.ts';
import { readBytes } from '../model/read-text.ts';
import { runsFolder } from './run-store.ts';

/** Whether the result of a run is on this machine, and what it was when the run ended. */
export function evidenceOf({ run, resultSha256 }: HistoryEntry): EvidenceState {
  if (resultSha256 === null) return 'never written';
  const file = join(folderOf(run), 'result.json');
  if (!existsSync(file)) return 'not here';
  try {
    return createHash('sha256').update(readBytes(file)).digest('hex') === resultSha256 ? 'unchanged' : 'changed';
  } catch {
    // What cannot be read as the file that it was is not that file any more.
    return 'changed';
  }
}

/** The page of a run as seen from the folder of a report; undefined when it is not on this machine. */
export function linkToRun(from: string): (row: EvidenceRow) => string | undefined {
  return ({ entry }) => {
    const page = join(folderOf(entry.run), 'report.html');
    return existsSync(page) ? relative(resolve(from), page) : undefined;
  };
}

/** Where the run was kept, or where the runs are kept now. */
function folderOf({ id, folder }: HistoryEntry['run']): string {
  return existsSync(folder) ? resolve(folder) : join(resolve(runsFolder()), id);
}
