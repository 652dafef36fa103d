import { immich } from '../../fixtures/immich/immich.ts';
import { loseEverything } from '../../harness/disasters/lose-everything.ts';
import type { Drill } from '../../harness/model/drill.ts';
import type { SabotageContext } from '../../harness/model/sabotage.ts';
import { pgDump } from '../../harness/paths/pg-dump.ts';
import { tar } from '../../harness/paths/tar.ts';

/** The library that faults are put into. */
export const LIBRARY = immich({ assets: 40, seed: 1 });

/** A small drill of Immich's files and rows, whole but for the changes. */
export function smallImmich(changes: Partial<Drill> = {}): Drill {
  return {
    name: 'immich-small',
    claim: 'A small Immich is restored completely',
    workload: LIBRARY,
    paths: { library: tar(), database: pgDump() },
    disaster: loseEverything(),
    objectives: { rto: '1h', rpo: '24h' },
    ...changes,
  };
}

/** What a sabotage of one component is told, by a test that looks for itself at what came of it. */
export function plotFor(component: string): SabotageContext {
  return { component, harmed: () => {}, afterwards: () => {} };
}
