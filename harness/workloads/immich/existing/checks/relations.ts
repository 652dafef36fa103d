import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { RELATION } from '../relations.ts';

/** Judges what Immich guarantees among rows, which a loss of rows breaks where no key is there to forbid it. */
export function relations(component: string): Check {
  return {
    name: 'relations',
    component,
    proves: `What Immich guarantees among the rows of ${component} holds: an album has an owner, an asset its exif, nobody uses bytes of no asset.`,
    judge: (evidence) => judgeRelations(evidence, component),
  };
}

async function judgeRelations(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  let looked = 0;
  for await (const { kind, id, ok, saw } of observed(evidence, tally, 'after', component, 'sightings') ?? []) {
    if (kind !== RELATION) continue;
    looked += 1;
    if (!ok) tally.wrong(id.slice(RELATION.length + 1), 'of all of them', saw);
  }
  if (looked === 0) tally.gap('no relation among rows was looked at');
  return tally.judgement(
    'all that Immich guarantees among rows',
    `${counted(looked, 'relation')}, ${tally.count} broken`,
  );
}
