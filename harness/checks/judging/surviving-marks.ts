import { kindOf } from '../../kinds/kinds.ts';
import type { Evidence } from '../../model/check.ts';
import type { Component } from '../../model/workload.ts';
import { isLeftOut, leftOutFolders } from './left-out.ts';
import { keysIn } from './moving-marks.ts';
import { observed } from './observed.ts';
import type { Tally } from './tally.ts';

/** Marks of the ledger in one component, and which of them were found after the restore. */
export interface SurvivingMarks {
  /** Without those in folders that are left out because they can be made again. */
  readonly wanted: ReadonlySet<string>;
  readonly present: ReadonlySet<string>;
}

/** Looks the ledger's marks up in what was observed after the restore; undefined, with a gap, when that is not known. */
export async function survivingMarks(
  evidence: Evidence,
  tally: Tally,
  component: Component,
): Promise<SurvivingMarks | undefined> {
  const leftOut = leftOutFolders(evidence, component.name);
  const keys = evidence.ledger.flatMap((entry) => keysIn(entry, component.name));
  const wanted = new Set(keys.filter((key) => !isLeftOut(key, leftOut)));
  if (wanted.size === 0) return { wanted, present: wanted };
  const found = namesAfter(evidence, tally, component);
  if (!found) return undefined;
  const present = new Set<string>();
  for await (const name of found) if (wanted.has(name)) present.add(name);
  return { wanted, present };
}

function namesAfter(evidence: Evidence, tally: Tally, component: Component): AsyncIterable<string> | undefined {
  return kindOf(component).marks((kind) => observed(evidence, tally, 'after', component.name, kind));
}
