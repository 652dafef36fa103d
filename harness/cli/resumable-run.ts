import { existsSync } from 'node:fs';
import type { ResumableRun } from '../existing/batches/resumable-run.ts';
import { isSameProcess } from '../machine/processes/process-table.ts';
import { DrillError } from '../model/error.ts';
import type { Receipt } from '../model/path.ts';
import { shellWord } from '../model/shell-word.ts';
import { journalOf, type StoredRun } from './run-store.ts';

const RESUMABLE_EXITS = [2, 70, 130];

/** Reads what a run was and how far it came; says why when it cannot be resumed. */
export function resumableRun(run: StoredRun): ResumableRun {
  const { id, folder, result } = run;
  const journal = journalOf(run);
  const last = (event: string) => journal.findLast((line) => line.event === event);
  const begun = last('run');
  const rehearsal = last('rehearsal');
  const asked = rehearsal?.asked as ResumableRun['asked'] | undefined;
  // Only what is seeded has a scale.
  if (begun?.scale !== undefined)
    throw refused(
      `${id} is a synthetic drill: what it restores is made anew every time`,
      `drill run ${shellWord(String(begun.drill))}`,
    );
  if (!asked)
    throw refused(
      rehearsal ? `${id} did not restore in batches` : `${id} ended before it had begun to restore`,
      `drill run ${shellWord(String(begun?.drill))} --config …`,
    );
  const again = `drill run ${shellWord(asked.name)} --config ${shellWord(asked.config)}`;
  if (isSameProcess(Number(begun?.pid), String(asked.processStart)))
    throw refused(`${id} still runs, as process ${begun?.pid}`, `drill show ${id}`);
  if (result && isFinished(result.exitCode, last('batches-joined') !== undefined))
    throw refused(`${id} is finished: it ended with "${result.verdict}"`, again);
  if (!existsSync(asked.config)) throw refused(`the configuration of ${id}, ${asked.config}, is gone`, again);
  const receipts = journal.flatMap(({ receipt }) => (receipt ? [receipt as Receipt] : []));
  return {
    ...{ id, folder, asked },
    pins: (last('listed')?.pins ?? {}) as Record<string, string>,
    receipts,
  };
}

/** What could not look, or was interrupted, can look again; after the last batch there is nothing to go on with. */
function isFinished(exitCode: number, allBatches: boolean): boolean {
  return !RESUMABLE_EXITS.includes(exitCode) || (allBatches && exitCode !== 130);
}

function refused(what: string, next: string): DrillError {
  return new DrillError({
    code: 'not-resumable',
    where: 'cli/resume',
    what: `Cannot resume: ${what}.`,
    next: `\`${next}\`.`,
    blame: 'usage',
  });
}
