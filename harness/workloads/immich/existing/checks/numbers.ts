import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { LastPassed } from '../../../../existing/configuration/plug-in.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { rowsOf } from '../numbers.ts';
import { removedByItself } from './removed-by-itself.ts';

/** So much of a table or a kind of file may be gone since the last look: people tidy up. */
const MOST_LOST = 0.1;
/** Whoever deletes an asset in Immich leaves a record of it, kept for about a month. */
const ASSETS = rowsOf('asset');

/** What the numbers are compared with. */
interface Witness {
  readonly name: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Judges that no table and no kind of file has suddenly become smaller than in the last run that passed, or in earlier dumps. */
export function numbers(component: string, last: LastPassed | undefined): Check {
  return {
    name: 'numbers',
    component,
    proves:
      'No table and no folder has lost more than a tenth of what the last run that passed, or an earlier dump of the same backup, had in it.',
    judge: async (evidence) => judgeNumbers(evidence, component, last),
  };
}

function judgeNumbers(evidence: Evidence, component: string, last: LastPassed | undefined): Judgement {
  const tally = new Tally();
  const now = evidence.numbers;
  const witnesses = witnessesOf(evidence, component, last);
  const told: string[] = [];
  let compared = 0;
  if (Object.keys(now).length === 0) tally.gap('nothing was counted');
  for (const witness of witnesses)
    for (const [name, before] of Object.entries(witness.numbers)) {
      const has = countOf(now, name);
      if (has === undefined || before === 0) continue;
      compared += 1;
      if (has >= before) continue;
      const lost = `${before} in ${witness.name}`;
      if (removedByItself(name, has)) told.push(`${name} ${before} → ${has}`);
      else if (has < before * (1 - MOST_LOST)) tally.wrong(name, `about ${lost}`, String(has));
    }
  const unexplained = last && unexplainedAssets(evidence, last);
  if (unexplained) tally.wrong('assets', unexplained.expected, unexplained.actual);
  const fewer = told.length > 0 ? `; fewer, as Immich itself removes them: ${[...new Set(told)].join(', ')}` : '';
  const against = witnesses.map(({ name }) => name).join(', ');
  const actual =
    witnesses.length === 0
      ? `${counted(Object.keys(now).length, 'number')} noted for runs to come; there is no earlier run that passed, and no earlier dump, to compare with`
      : `${counted(compared, 'number')} compared with ${against}, ${tally.count} suddenly smaller${fewer}`;
  return tally.judgement(
    `at most ${MOST_LOST * 100} % less than before, of everything (whoever removed it on purpose says so once with --accept-drops)`,
    actual,
  );
}

/** What is counted by type has no number when none is left; a table that is not there is for the judge of the schema. */
function countOf(numbers: Evidence['numbers'], name: string): number | undefined {
  const [table = ''] = name.split(', ');
  return numbers[name] ?? (table !== name && numbers[table] !== undefined ? 0 : undefined);
}

function witnessesOf({ receipts }: Evidence, component: string, last: LastPassed | undefined): Witness[] {
  const receipt = receipts.find((one) => one.component === component);
  // What passed since, or was taken for right, knows better than a dump from before it.
  const since = Date.parse(last?.startedAt ?? '');
  const later = (receipt?.earlier ?? []).filter(({ madeAt }) => !(Date.parse(madeAt) <= since));
  const dumps = later.map(({ file, rows }) => ({
    name: `the dump ${file}`,
    numbers: Object.fromEntries(Object.entries(rows).map(([table, count]) => [rowsOf(table), count])),
  }));
  const passed =
    last && Object.fromEntries(Object.entries(last.counts).filter(([name]) => /^(rows of|files in) /.test(name)));
  return [
    ...(passed && Object.keys(passed).length > 0 ? [{ name: `run ${last.run}`, numbers: passed }] : []),
    ...dumps,
  ];
}

/** Assets that are fewer than in the last run that passed, and of which nothing says that anybody deleted them. */
function unexplainedAssets({ numbers }: Evidence, last: LastPassed): { expected: string; actual: string } | undefined {
  const [before, has, deleted] = [last.counts[ASSETS], numbers[ASSETS], numbers['assets deleted since the last run']];
  if (before === undefined || has === undefined || deleted === undefined || has + deleted >= before) return undefined;
  return {
    expected: `${before}, as in run ${last.run}, but for the ${deleted} that were deleted since`,
    actual: `${has}: of ${before - has - deleted} nothing says that anybody deleted them`,
  };
}
