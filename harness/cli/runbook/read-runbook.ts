import type { Runbook } from '../../../reports/runbook/runbook.ts';
import { damagedLines, type JournalLine } from '../../engine/journal.ts';
import { DrillError } from '../../model/error.ts';
import { shellWord } from '../../model/shell-word.ts';
import { findRun, journalOf, listRuns, type StoredRun } from '../run-store.ts';
import { fixesOf } from './runbook-fixes.ts';
import { commandsIn, restoreLines, stepsIn } from './runbook-steps.ts';
import { variablesOf } from './variables.ts';

/** The runbook of the last run of a drill, or of the one that is named. */
export function readRunbook(drill: string, id: string | undefined): Runbook {
  const run = id === undefined ? lastRunOf(drill) : findRun(id);
  const journal = journalOf(run);
  const told = journal.find(({ event }) => event === 'run');
  if (told?.drill !== drill) throw ofAnother(drill, run.id, String(told?.drill));
  const lines = restoreLines(journal);
  const commands = commandsIn(lines);
  if (commands.length === 0) throw nothingRestored(run);
  const { result } = run;
  const damaged = damagedLines(journal);
  const variables = variablesOf(commands, !journal.some(({ event }) => event === 'rehearsal'));
  return {
    drill,
    claim: String(told.claim),
    run: run.id,
    startedAt: told.at,
    substrate: result?.drill.substrate ?? 'an unknown place',
    workload: result ? `${result.drill.workload.name} ${result.drill.workload.version}` : 'an unknown workload',
    verdict: result?.verdict,
    rtoSeconds: result?.rto.seconds ?? null,
    variables: variables.list,
    steps: stepsIn(lines, variables),
    fixes: fixesOf(run, commands),
    notCovered: [
      ...(result?.notTested.map(({ what, why }) => `${what}: ${why}`) ?? []),
      ...(damaged > 0 ? [`${damaged} lines of the journal, which are damaged: steps may be missing here`] : []),
    ],
  };
}

/** A run whose journal cannot be read is not of this drill, as far as anybody can tell; when it is asked for, that is said. */
function journalIfReadable(run: StoredRun): JournalLine[] {
  try {
    return journalOf(run);
  } catch {
    return [];
  }
}

function lastRunOf(drill: string): StoredRun {
  const last = listRuns()
    .filter(({ id }) => id.startsWith(`${drill}-`))
    .findLast((run) => {
      const journal = journalIfReadable(run);
      // What came and went in batches is not how anybody restores.
      if (journal.some(({ asked }) => asked !== undefined)) return false;
      return journal.some(({ event, drill: name }) => event === 'run' && name === drill);
    });
  if (last) return last;
  throw new DrillError({
    code: 'run-unknown',
    where: 'cli',
    what: `No completed restore of "${drill}" to write a runbook from (runs with --max-disk are not used).`,
    next: `\`drill run ${shellWord(drill)}\` makes one; \`drill runs\` lists those that there are.`,
    blame: 'usage',
  });
}

function ofAnother(drill: string, id: string, other: string): DrillError {
  return new DrillError({
    code: 'run-of-another',
    where: 'cli',
    what: `The run ${id} is one of "${other}", not of "${drill}".`,
    next: '`drill runs` lists all runs; leave --run out for the last one.',
    blame: 'usage',
  });
}

function nothingRestored({ id }: StoredRun): DrillError {
  return new DrillError({
    code: 'nothing-restored',
    where: 'cli',
    what: `The journal of ${id} holds no restore command: the run stopped before the restore, or predates this feature.`,
    next: `see \`drill show ${shellWord(id)}\`, then run the drill again, or name another run with --run.`,
    blame: 'environment',
  });
}
