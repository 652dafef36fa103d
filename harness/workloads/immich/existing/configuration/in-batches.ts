import type { BatchesAsked, LastPassed } from '../../../../existing/configuration/plug-in.ts';
import type { Rehearsal } from '../../../../model/drill.ts';
import { DrillError } from '../../../../model/error.ts';
import { databaseBefore } from './one-asset-of.ts';
import { rehearsalOf } from './rehearsal-of.ts';
import type { DrillConfig } from './schema.ts';

const LIBRARY = 'library';
/** Enough that what a tool takes to start does not count, few enough that a list of them is small. */
const MAX_FILES = 20_000;

/** The drill of a configuration with its library restored in batches, after the database that says what must be in it. */
export function inBatches(
  name: string,
  config: DrillConfig,
  last: LastPassed | undefined,
  asked: BatchesAsked,
): Rehearsal {
  const { library } = config;
  if (!library)
    throw noWay(`The configuration of "${name}" names no backup of the library: nothing would be in batches.`);
  if (library.sample !== undefined)
    throw noWay(`The configuration of "${name}" says \`sample\`: of a library in batches every file is restored.`);
  if (config.database.server)
    throw noWay(`The library of "${name}" is in use: what it lists is not what it has when its last batch comes.`);
  const whole = rehearsalOf(name, config, last);
  return {
    ...whole,
    workload: { ...whole.workload, restoreOrder: whole.workload.restoreOrder.toReversed() },
    paths: { ...whole.paths, database: databaseBefore(config, library, true) },
    batches: { component: LIBRARY, maxFiles: MAX_FILES, ...asked },
  };
}

function noWay(what: string): DrillError {
  return new DrillError({
    code: 'no-batches',
    where: 'cli',
    what,
    next: 'leave --max-disk out, or name a backup of the whole library.',
    blame: 'usage',
  });
}
