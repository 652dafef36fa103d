import { observeRows, type TableKeys } from '../kinds/postgres/observe-rows.ts';
import { observeSchema } from '../kinds/postgres/observe-schema.ts';
import type { Moment } from '../model/manifest.ts';
import type { World } from '../model/target.ts';
import { holdsRows, type RestoredWorkload } from '../model/workload.ts';
import type { RunFolder } from './run-folder.ts';

/** Records what a component holds, by its kind; gives the number of things seen. `keys` is kept from one moment to the next. */
export async function observeComponent(
  folder: RunFolder,
  moment: Moment,
  world: World,
  component: string,
  keys: TableKeys,
): Promise<number> {
  const target = world.target(component);
  if (target.kind === 'volume') return await folder.record(moment, component, 'files', target.files());
  if (target.kind === 'kubernetes') return await folder.record(moment, component, 'resources', target.list());
  if (target.kind === 'redis') return await folder.record(moment, component, 'keys', target.keys());
  await folder.record(moment, component, 'schema', await observeSchema(target));
  return await folder.record(moment, component, 'rows', observeRows(target, keys));
}

/** Records what the rows of the workload say: the files that must exist, and the numbers that people know. */
export async function observeWorkload(
  folder: RunFolder,
  moment: Moment,
  world: World,
  workload: RestoredWorkload,
): Promise<void> {
  for (const { name } of workload.components.filter(holdsRows)) {
    if (!world.has(name)) continue;
    await folder.record(moment, name, 'references', workload.references(world));
    await folder.record(moment, name, 'inventory', await workload.inventory(world));
  }
}
