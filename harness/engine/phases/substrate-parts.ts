import type { Drill } from '../../model/drill.ts';
import type { Resources } from '../../model/resources.ts';
import type { Substrate } from '../../model/substrate.ts';

/** A new namespace; components that need one are left out before where there is none to be had. */
export async function resourcesOf(substrate: Substrate, name: string): Promise<Resources> {
  if (!substrate.resources) throw new Error(`${substrate.name} has no namespaces for ${name}`);
  return await substrate.resources(name);
}

/** The components of a drill that a substrate cannot hold. */
export function strangersTo(substrate: Substrate, { workload }: Drill): string[] {
  const strange = workload.components.filter(({ kind }) => kind === 'kubernetes' && !substrate.resources);
  return strange.map(({ name }) => name);
}

/** The drill without some components, their paths and their checks. */
export function withoutComponents(drill: Drill, names: readonly string[]): Drill {
  if (names.length === 0) return drill;
  const { workload, paths } = drill;
  return {
    ...drill,
    workload: {
      ...workload,
      components: workload.components.filter(({ name }) => !names.includes(name)),
      checks: workload.checks.filter(({ component }) => !names.includes(component)),
    },
    paths: Object.fromEntries(Object.entries(paths).filter(([name]) => !names.includes(name))),
  };
}
