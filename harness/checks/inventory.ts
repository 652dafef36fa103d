import type { Check, Evidence, Judgement } from '../model/check.ts';
import { joinUnique } from './join/join-sorted.ts';
import { MovingMarks } from './judging/moving-marks.ts';
import { observedTwice } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges the numbers that people know: no fewer than before, and no more than writes since then explain. */
export function inventory(component: string): Check {
  return {
    name: 'inventory',
    component,
    proves: `The numbers that people know of ${component}, such as photos and albums of each user, are what they were.`,
    judge: (evidence) => judgeInventory(evidence, component),
  };
}

async function judgeInventory(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const lists = observedTwice(evidence, tally, component, 'inventory');
  let compared = 0;
  if (lists) {
    const growth = writesSince(evidence, tally, component);
    for await (const { key, left, right } of joinUnique(lists.before, lists.after, (line) => line.label)) {
      const before = left?.count ?? 0;
      const after = right?.count ?? 0;
      compared += before > 0 ? 1 : 0;
      if (after < before || after > before + growth) tally.wrong(key, expectedCount(before, growth), String(after));
    }
    if (compared === 0) tally.gap(`nothing was counted in ${component} before the backup`);
  }
  return tally.judgement(
    'the same numbers as before',
    `${counted(compared, 'number')} compared, ${tally.count} differ`,
  );
}

/** Writes of the ledger that came after the counting: each may have added one to a number. */
function writesSince(evidence: Evidence, tally: Tally, component: string): number {
  const marks = new MovingMarks(evidence, tally, component);
  return evidence.ledger.filter((entry) =>
    entry.marks.some((mark) => mark.component === component && marks.has(mark.key)),
  ).length;
}

function expectedCount(before: number, growth: number): string {
  return growth === 0 ? String(before) : `${before} to ${before + growth}, with writes since then`;
}
