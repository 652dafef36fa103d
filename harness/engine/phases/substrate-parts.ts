import { kindOf } from '../../kinds/kinds.ts';
import type { Drill } from '../../model/drill.ts';
import type { Substrate } from '../../model/substrate.ts';

/** The components of a drill that a substrate cannot hold. */
export function unsupportedComponents(substrate: Substrate, { workload }: Drill): string[] {
  const strange = workload.components.filter((one) => kindOf(one).needsCluster && !substrate.resources);
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
