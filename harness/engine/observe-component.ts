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

/** The components of a workload whose rows say which files must exist, as far as they are in a world. */
export function componentsWithRows({ components }: RestoredWorkload, world: World): string[] {
  return components.filter((one) => holdsRows(one) && world.has(one.name)).map(({ name }) => name);
}

/** Records what the rows of a component say: the files that must exist, and the numbers that people know. */
export async function observeReferences(
  folder: RunFolder,
  moment: Moment,
  world: World,
  component: string,
  workload: RestoredWorkload,
): Promise<void> {
  await folder.record(moment, component, 'references', workload.references(world));
  await folder.record(moment, component, 'inventory', await workload.inventory(world));
}
