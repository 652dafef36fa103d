import { observedTwice } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';

/** Judges that the newer version counts what was counted before it was started. */
export function keptNumbers(database: string): Check {
  return {
    name: 'numbers',
    component: database,
    proves: 'Users, and the photos, videos and albums of each, are as many after the upgrade as before it.',
    judge: (evidence) => judgeNumbers(evidence, database),
  };
}

async function judgeNumbers(evidence: Evidence, database: string): Promise<Judgement> {
  const tally = new Tally();
  const lists = observedTwice(evidence, tally, database, 'inventory');
  const before = new Map<string, number>();
  const after = new Map<string, number>();
  for await (const { label, count } of lists?.before ?? []) before.set(label, count);
  for await (const { label, count } of lists?.after ?? []) after.set(label, count);
  if (lists)
    for (const [label, expected] of before) {
      const actual = after.get(label);
      // A user who is gone has no line any more; a table that is gone is a layout that is not known here.
      if (actual === undefined && / of /.test(label)) tally.wrong(label, String(expected), 'nobody of that name');
      else if (actual === undefined) tally.gap(`after the upgrade nobody could count the ${label}`);
      else if (actual !== expected) tally.wrong(label, String(expected), String(actual));
    }
  const shown = ['users', 'assets', 'albums', 'photos in albums'].flatMap((label) =>
    after.has(label) ? [`${after.get(label)} ${label}`] : [],
  );
  const words = `${tally.count} of ${before.size} numbers differ; now ${shown.join(', ')}`;
  return tally.judgement('every number as it was', words);
}
