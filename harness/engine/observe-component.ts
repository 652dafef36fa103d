import { holdsRows } from '../kinds/holds-rows.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { TableKeys } from '../model/kind.ts';
import type { Moment } from '../model/manifest.ts';
import type { World } from '../model/target.ts';
import type { RestoredWorkload } from '../model/workload.ts';
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
  return await kindOf(target).observe(target, (kind, items) => folder.record(moment, component, kind, items), keys);
}

/** Records what the rows of the workload say: the files that must exist, and the numbers that people know. */
export async function observeWorkload(
  folder: RunFolder,
  moment: Moment,
  world: World,
  workload: RestoredWorkload,
): Promise<void> {
  for (const component of workload.components) {
    const { name } = component;
    if (!holdsRows(component) || !world.has(name)) continue;
    await folder.record(moment, name, 'references', workload.references(world));
    await folder.record(moment, name, 'inventory', await workload.inventory(world));
  }
}
