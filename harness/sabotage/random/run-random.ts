import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { makeRunId } from '../../engine/run-id.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { Drill } from '../../model/drill.ts';
import type { AnyBackupPath, BackupPath } from '../../model/path.ts';
import type { RandomFault, RandomResult } from '../../model/sabotage-result.ts';
import type { ComponentKind } from '../../model/target.ts';
import { cellDrill } from '../cell-drill.ts';
import { type Column, columnsOf, isOnPath } from '../columns.ts';
import { type CellOptions, runQuietly, thinOut } from '../run-cell.ts';
import { Dice } from './dice.ts';
import { judgeRandom } from './judge-random.ts';
import { ruinAtRandom } from './random-fault.ts';

const EXIT_UNKNOWN = 2;

export interface RandomOptions extends CellOptions {
  readonly substrate: string;
  readonly count: number;
  readonly seed: number;
  /** Labels of paths, or names that labels begin with; all when empty. */
  readonly paths: readonly string[];
  readonly concurrency: number;
  told(fault: RandomFault): void;
}

/** Ruins what was stored at random, again and again: every time it must be caught, or have hurt nothing. */
export async function runRandom(drill: Drill, options: RandomOptions): Promise<RandomResult> {
  const startedMs = performance.now();
  const runsFolder = join(options.runsFolder, makeRunId(`random-${drill.name}`));
  await mkdir(runsFolder, { recursive: true });
  const columns = columnsOf(drill, options).filter((column) => storesThere(column, options));
  const numbers = Array.from({ length: columns.length === 0 ? 0 : options.count }, (_, index) => index + 1);
  const faults = await pMap(
    numbers,
    async (number) => {
      const column = columns[number % columns.length];
      if (!column || options.signal.aborted) return [];
      const again = () => runOne(drill, column, number, { ...options, runsFolder });
      const first = await again();
      // The same number gives the same fault: what was in the way may be gone by now.
      const fault = first.outcome === 'inconclusive' && !options.signal.aborted ? await again() : first;
      if (options.signal.aborted) return [];
      options.told(fault);
      return [fault];
    },
    { concurrency: options.concurrency },
  );
  return resultOf(drill, options.seed, faults.flat(), (performance.now() - startedMs) / 1000);
}

/** Only what lies in the backup store can be ruined there; what lives in a cluster is nowhere else. */
function storesThere({ label, path }: Column, { paths, substrate }: RandomOptions): boolean {
  const isStored = path.needs === undefined && (!kindOf({ kind: path.protects }).needsCluster || substrate === 'kind');
  return isStored && isOnPath(label, paths);
}

function resultOf(drill: Drill, seed: number, faults: readonly RandomFault[], seconds: number): RandomResult {
  const of = (wanted: RandomFault['outcome']) => faults.filter(({ outcome }) => outcome === wanted);
  const [missed, inconclusive] = [of('missed'), of('inconclusive')];
  return {
    schemaVersion: 1,
    drill: drill.name,
    seed,
    seconds,
    exitCode: missed.length > 0 ? 1 : inconclusive.length > 0 ? EXIT_UNKNOWN : 0,
    total: faults.length,
    caught: of('caught').length,
    identical: of('identical').length,
    missed,
    inconclusive,
    faults,
  };
}

async function runOne(drill: Drill, column: Column, number: number, options: RandomOptions): Promise<RandomFault> {
  const healthy = cellDrill(drill, column);
  const dice = new Dice(options.seed * 1_000_003 + number);
  let fault = 'nothing';
  const path = column.path as unknown as BackupPath<ComponentKind>;
  const ruined: BackupPath<ComponentKind> = {
    ...path,
    backup: async (context) => {
      const receipt = await path.backup(context);
      fault = await ruinAtRandom(context.bucket, dice);
      return receipt;
    },
  };
  const result = await runQuietly(
    { ...healthy, paths: { ...healthy.paths, [column.component]: ruined as unknown as AnyBackupPath } },
    options,
  );
  const { outcome, said } = judgeRandom(result, column.component);
  if (outcome !== 'missed') await thinOut(result);
  const { seconds, folder } = result.run;
  return { number, component: column.component, path: column.label, fault, outcome, said, seconds, run: folder };
}
